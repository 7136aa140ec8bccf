# Mengapa berkas tidak terbaca atau alamat tidak memberi apa-apa. Penggalan kalimat: tanpa huruf besar di awal dan tanpa titik.

why-fetch = alamat { $address } tidak memberi apa-apa: { $reason }
why-read = berkas { $spec } tidak terbaca: { $reason }

# Isinya ternyata lain
why-is-text = isinya teks biasa, bukan { $wanted }
why-is-json = isinya JSON, bukan { $wanted }
why-is-page = isinya halaman web, bukan { $wanted }
why-is-xml = isinya dokumen XML, bukan { $wanted }
why-is-archive = isinya arsip ZIP atau buku kerja (XLSX), bukan { $wanted }
why-is-old-workbook = isinya buku kerja lama (XLS), bukan { $wanted }: simpan sebagai XLSX
why-is-compressed = isinya berkas terkompresi, bukan { $wanted }: buka dulu kompresinya
why-is-pdf = isinya PDF, bukan { $wanted }
why-is-binary = isinya bukan teks: ada bita nol, bukan { $wanted } (UTF-16 tidak dibaca: simpan sebagai UTF-8)
why-form-csv = tabel CSV
why-form-json = JSON
why-form-table = tabel (CSV atau XLSX)
why-form-xlsx = buku kerja (XLSX)

# Tabel
why-empty = tidak ada nama kolom: berkasnya kosong
why-not-utf8 = isinya bukan teks UTF-8 (bita { $byte })
why-no-column = tidak ada kolom { $wanted }; yang ada { $found }
why-no-figures = tidak ada kolom angka yang dikenal; yang ada { $found }
why-same-name = dua kolomnya bernama sama, { $name }: tulis '{ $name } (1)' atau '{ $name } (2)' dalam berkas sumbernya
why-two-columns = dua kolomnya berarti { $name }: sisakan satu
why-no-day-column = tidak satu pun kolomnya berupa tanggal
why-same-day = dua kolomnya bertanggal { $date }
why-name-no-day = tanggal dalam nama berkasnya tidak terbaca: { $detail }
why-name-without-day = nama berkasnya, '{ $name }', tidak menyebut tanggal: sebutkan sendiri, atau ganti nama berkasnya
why-unrecognised = kolomnya { $found }; untuk formulir siaga kurang { $form }, untuk tabel rapi kurang { $table }
why-lacks = { $names }
why-lacks-figures = kolom angka, misalnya Kasus baru

# JSON
why-not-json = isinya bukan JSON yang benar: { $detail } (baris { $line }, kolom { $column })
why-json-ends = isinya bukan JSON yang benar: terpotong di tengah (baris { $line }, kolom { $column })
why-no-records = tidak ada data di '{ $path }'

# Buku kerja
why-no-workbook = isinya bukan buku kerja: { $detail }
why-workbook-unreadable = buku kerjanya tidak terbaca: { $detail }
why-workbook-broken = buku kerjanya rusak di dalam
why-no-sheet = tidak ada lembar { $name }; yang ada { $found }
why-no-sheet-like = tidak ada lembar seperti { $pattern }; yang ada { $found }
why-no-sheet-at-all = tidak ada satu lembar pun
why-no-header = tidak ada baris nama kolom
why-line-unreadable = baris { $line } tidak terbaca: { $detail }
why-header-empty = baris { $row } tidak berisi nama kolom
why-too-many-columns = baris { $row } memiliki lebih dari { $most } kolom
why-rows-unordered = baris { $row } berada di bawah baris { $before }
why-too-many-parts = berkasnya terdiri atas { $parts } bagian, lebih dari { $most } yang wajar bagi buku kerja
why-nth-part = bagian { $nth }: { $detail }
why-part-encrypted = bagian { $name } terenkripsi
why-part-broken = bagian { $name }: { $detail }
why-part-grows = bagian { $name } membesar { $times } kali saat dibuka
why-too-many-texts = bagian { $name } mengaku berisi lebih banyak teks daripada yang mungkin
why-unpacks-too-large = setelah dibuka lebih besar dari { $most } MB

# Alamat
why-not-address = ini bukan alamat; contoh: https://example.org/data.csv
why-not-http = { $scheme } bukan http atau https
why-carries-password = alamat tidak boleh memuat nama atau kata sandi: pakai tajuk permintaan (header) dari lingkungan
why-inside = { $host } berada di dalam jaringan; source.private_hosts = ["{ $host }"] mengizinkannya
why-no-public-address = { $host } tidak punya alamat di luar jaringan; source.private_hosts = ["{ $host }"] mengizinkannya
why-header = tajuk permintaan { $name } tidak dapat dikirim
why-secret-unset = tajuk permintaan { $name } memerlukan { $variable }, yang belum diisi
why-secret-in-clear = { $variable } adalah rahasia: hanya dikirim lewat https
why-no-client = klien HTTP tidak dapat dibuat: { $detail }

# Jawaban
why-no-connection = tidak tersambung: { $detail }
why-broke-off = jawabannya terputus: { $detail }
why-no-answer = tidak ada jawaban dalam { $limit }
why-not-done = tidak selesai dalam { $limit }
why-stopped = berhenti di tengah: tidak ada yang datang selama { $limit }
why-answered = jawabannya { $status }
why-answered-not-ready = jawabannya { $status }: angkanya belum siap
why-answered-nothing = jawabannya { $status }: tidak ada isinya
why-answered-part = jawabannya { $status }: sepotong isi tidak diminta
why-answered-not-kept = jawabannya { $status }, padahal isinya tidak tersimpan di sini
why-answered-unasked = jawabannya 304 Not Modified, padahal tidak ditanyakan
why-asks-for-quiet = { $reason } dan minta tidak ditanya selama { $seconds } detik
why-redirects = lebih dari { $most } pengalihan
why-redirects-nowhere = dialihkan ke sesuatu yang bukan alamat
why-redirects-to = dialihkan ke { $address }: { $reason }
why-redirects-to-http = dialihkan dari https ke http ({ $address })
why-redirects-post = permintaan POST dialihkan ke { $address }: tulis alamat itu bila memang benar
why-too-large = lebih besar dari { $most } bita (source.max_size)
why-packed-as = dikemas sebagai '{ $how }', yang tidak diminta
why-not-gzip = katanya dikemas dengan gzip, tetapi tidak dapat dibuka: { $detail }

# Halaman-halaman jawaban
why-page = halaman { $nth }: { $reason }
why-pages-slow = semua halamannya tidak selesai dalam { $seconds } detik
why-pages-circle = halaman ini sudah pernah ada: halaman-halamannya berputar
why-page-repeats = sama dengan halaman sebelumnya: parameternya tidak menghitung halaman
why-pages-many = lebih dari { $most } halaman (pages.most)
why-link-not-address = { $path } bukan alamat
why-link-elsewhere = { $path } menuju host lain

# Berkas di mesin ini
why-no-folder = jalur dimulai dari source.folder, yang belum diisi: isilah, atau tulis jalur lengkapnya
why-leads-out = { $path } keluar dari foldernya
why-no-file = { $path } bukan berkas
why-being-written = { $path } sedang ditulis
why-file-unreadable = { $path } tidak dapat dibaca: { $detail }
why-no-file-fits = tidak ada berkas yang cocok dengan { $pattern } di { $folder }
why-cut-off = pembacaan terputus: { $detail }

# Yang diminta dari sebuah berkas
why-no-such-filter = { $dataset } tidak dapat disaring menurut { $name }, hanya menurut { $names }
why-filter-day = { $name } bukan tanggal: '{ $asked }'; tulis 2021-06-28
why-filter-order = hari pertama, { $from }, jatuh setelah hari terakhir, { $to }
why-filter-measure = '{ $asked }' bukan ukuran: cases, deaths, dan lainnya ada di glosarium; tulis beberapa dengan koma
why-filter-indicator = '{ $asked }' bukan indikator: growth_ratio, rt, dan lainnya adalah kolom dalam kamus; tulis beberapa dengan koma
why-filter-location = tentang { $asked } tidak ada yang disimpan di sini: angkanya tentang { $location }
why-filter-unknown = '{ $asked }' bukan bagian alamat sebuah berkas: { $names }
