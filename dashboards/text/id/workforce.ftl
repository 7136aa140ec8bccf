# Unit, piket, presensi: penolakan
workforce-not-yours = { $unit } milik unit lain: kepala unit mengurus unitnya sendiri
workforce-unknown-unit = tidak ada unit, atau ada lebih dari satu, yang bernama "{ $unit }"; daftar unit memuat kode, nama dan alias
workforce-file = berkas tidak terbaca sebagai daftar: { $reason }
workforce-days = isi hari pertama dan terakhir secara berurutan, paling lama setahun
workforce-required = { $count } petugas per hari tidak dapat diminta: 1, 2 atau 3
workforce-planned = hari-hari itu sudah dijadwalkan sampai { $date }; mulai sehari sesudahnya, atau tukar petugas
workforce-unknown-officer = tidak ada petugas dengan kode "{ $officer }"
workforce-head-count = isi jumlah pegawai: ASN, PNS, PPPK, TKD atau BUMD dalam bilangan bulat
workforce-ahead = { $date } belum tiba
workforce-meanwhile = orang lain sudah melakukannya sementara itu; lihat kembali
workforce-unavailable = basis data tidak menjawab
closure-critical = unit kritikal tidak pernah ditutup: bagi timnya dan pulangkan petugas meja
closure-no-substitute = sebut pengganti: di mana warga dilayani sementara itu (3 sampai 300 huruf)
closure-no-reason = tulis alasannya: 3 sampai 300 huruf
closure-end-before-start = hari terakhir mendahului hari pertama
closure-overlaps = unit sudah ditutup sejak { $date }
closure-not-closed = unit tidak ditutup pada { $date }
swap-no-reason = tulis alasannya: 3 sampai 300 huruf
swap-no-officer = { $officer } bukan petugas unit ini
swap-away = { $officer } tidak tersedia pada hari itu
swap-not-on-duty = { $officer } tidak piket pada hari itu
swap-on-duty-already = { $officer } sudah piket pada hari itu
swap-no-hole = petugas hari itu sudah lengkap: sebut siapa yang diganti
swap-three-running = { $officer } akan piket tiga hari kerja berturut-turut
log-no-author = catatan harus ditulis oleh seseorang
log-no-subject = tulis pokoknya: 3 sampai 120 huruf
log-no-text = tulis alasan atau perkembangannya: 3 sampai 1.000 huruf
log-end-before-start = hari terakhir mendahului hari pertama
log-number = isi angkanya: jumlah orang untuk izin atau pemanggilan (1 sampai 10.000), persen untuk batas sendiri (0 sampai 100); catatan lain tanpa angka

# Baris daftar yang ditolak
row-line = baris { $line }, { $column }: { $reason }
row-found = { $reason } ({ $found })
row-no-column = tabel tidak memiliki kolom ini
row-empty = selnya kosong
row-not-a-day = ini bukan tanggal
row-not-a-count = ini bukan bilangan bulat orang
row-unknown-unit = tidak ada unit, atau ada lebih dari satu, yang bernama begini
row-unknown-category = kategori adalah N, E atau K
row-unknown-position = ini bukan kelas jabatan
row-unknown-mode = ini bukan cara bekerja: kantor, piket, lapangan, rumah, cuti, alpa
row-not-yes-no = ini bukan ya atau tidak
row-unknown-officer = tidak ada petugas dengan kode ini, atau ini bukan kode: bukan NIP atau NIK
row-twice = yang sama ada di baris sebelumnya
row-end-before-start = berakhir sebelum mulai
row-does-not-add-up = ASN tidak sama dengan PNS ditambah PPPK
row-more-than-expected = laporan yang masuk lebih banyak dari yang wajib
row-nothing-counted = baris ini tidak menghitung apa pun
row-not-a-phone = ini bukan nomor telepon
row-in-future = harinya belum tiba
row-too-long = teksnya lebih dari 300 huruf

# Yang mengikat unit
ground-order = perintah pusat
ground-closure = ditutup
ground-cluster = klaster di unit
ground-exemption = dikecualikan oleh keputusan
ground-category = kategori pada tingkat kota
ground-own-choice = pilihan kepala unit
unit-duty-duty-officers = petugas piket
unit-duty-move-service = layanan dipindahkan
unit-duty-split-teams = tim dibagi
unit-duty-contacts-home = kontak erat di rumah sampai diperiksa
unit-duty-be-present = harus ada perwakilan
measure-cap = paling banyak { $cap }% di kantor
measure-cap-field = paling banyak { $cap }% di lapangan, { $desk }% di meja
measure-until = sampai { $date }
measure-service = layanan: { $substitute }

# Kata presensi
finding-above-cap = { $share }% di kantor padahal batasnya { $cap }%, sejak { $since }
finding-nobody-planned = tidak ada yang dijadwalkan hadir; harus ada { $minimum }
finding-too-few-present = { $present } hadir, harus ada { $minimum }
finding-reports-missing = { $share }% laporan masuk
finding-reports-referred = { $share }% laporan masuk, di bawah 75% sejak { $since }: diteruskan ke BKPSDM
finding-no-attendance = presensi { $date } belum diserahkan
finding-no-reports = laporan { $date } belum diserahkan

# Kekosongan piket
hole-none = belum ada petugas yang terdaftar
hole-why = { $officers } petugas: { $away } tidak tersedia, { $resting } istirahat setelah dua hari
hole-unplanned = belum dijadwalkan
duty-event = Piket { $unit }: { $name }
duty-event-hole = Piket kosong: { $unit }
duty-event-phone = telepon { $phone }
duty-event-substitute = pengganti: { $name }
duty-event-calendar = Jadwal piket { $city }

# Catatan
note-field_permit = izin ke lapangan
note-recall = pemanggilan ke kantor
note-coordination = koordinasi dengan provinsi atau pusat
note-programme = program prioritas
note-referral = pelanggaran yang diteruskan
note-own_cap = batas sendiri yang lebih ketat
