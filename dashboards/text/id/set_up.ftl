# Kata-kata penyiapan pertama.

set-up-menu = Penyiapan
set-up-progress = Langkah { $nth } dari { $all }
set-up-step-city = Kota
set-up-step-policy = Kebijakan
set-up-step-account = Akun
set-up-step-figures = Angka pertama
set-up-step-done = (sudah dijawab, dapat diubah)
set-up-change = Ubah
go-back = Kembali

# Kota
set-up-city = Kota atau kabupaten Anda
set-up-city-what = siaga menilai angka satu kota atau kabupaten.
set-up-city-search = Nama atau kode wilayah
set-up-city-hint = Misalnya: Bontang, atau 6474.
set-up-city-find = Cari
set-up-city-found = Pilih satu
set-up-city-more = { $count } lagi tidak ditampilkan. Ketik nama yang lebih lengkap.
set-up-city-none = Tidak ada kota atau kabupaten bernama “{ $search }”. Periksa ejaannya, atau ketik kode wilayahnya.
set-up-city-code = kode { $code }
set-up-city-there = Sudah ada angkanya
set-up-city-there-what = Angka ini masuk sebelum siaga disiapkan. Tidak ada yang hilang, kota mana pun yang dipilih.
set-up-city-other = Pilih yang lain
set-up-population = Jumlah penduduk
set-up-population-list = Dalam daftar: { $count } ({ $year }). Ubah bila Anda mempunyai angka resmi yang lebih baru.
set-up-population-missing = Daftar tidak memuatnya. Ketik angka BPS atau Dukcapil yang terbaru, misalnya 181.618.
set-up-population-empty = Ketik jumlah penduduk. Tanpa itu, kasus per 100.000 penduduk tidak dapat dihitung.
set-up-population-range = Jumlah penduduk harus antara 1 dan 100.000.000.
set-up-zone = Zona waktu
set-up-zone-wib = WIB, waktu Indonesia barat
set-up-zone-wita = WITA, waktu Indonesia tengah
set-up-zone-wit = WIT, waktu Indonesia timur
set-up-zone-missing = Pilih zona waktu.
count-ambiguous = Angka ini dapat dibaca dua cara. Tulis 1833 atau 1.833, tanpa koma.
count-unreadable = Ini bukan jumlah. Tulis angka saja, misalnya 1833 atau 1.833.

# Kebijakan
set-up-policy = Kebijakan yang dipakai
set-up-policy-what = Aturan yang mengubah angka menjadi anjuran. Keputusan tetap pada pejabat.
set-up-policy-about = Versi { $version }, berlaku sejak { $from }, { $rules } aturan.
set-up-policy-later = Kebijakan lain dapat ditulis sendiri dan dipasang kemudian.

# Akun
set-up-account = Akun pemilik sistem
set-up-account-what = Akun pertama. Dengan ini Anda menambah akun lain dan memasukkan angka pertama.
set-up-person = Nama lengkap (boleh kosong)
set-up-repeated = Kata sandi, sekali lagi
set-up-answered = Jawaban Anda
set-up-finish = Simpan dan mulai
set-up-account-next = Sesudah ini: kode dari ponsel sebagai langkah kedua, lalu angka pertama.

# Bagi yang lain
error-set-up-title = siaga sedang disiapkan
error-set-up-what = Halaman ini akan terbuka setelah penyiapan selesai.
error-set-up-do = Bila Anda yang menyiapkannya, buka tautan yang tercetak di terminal tempat siaga dijalankan.
