# What programs read
api-title = Data untuk program
api-what = Semua isi halaman ini sebagai JSON, bagi yang boleh melihatnya. Angka ditulis dengan ketelitian penuh.
api-how = Cara meminta
api-pages = Jawaban datang per halaman, paling banyak { $most } baris. “page.next” adalah alamat halaman berikutnya; semua halaman satu pembacaan berasal dari satu saat.
api-as-of = “as_of” memberi apa yang diketahui saat itu, di mana pun.
api-null = null berarti tidak ada data, bukan nol.
api-token = Yang tidak untuk umum memerlukan token akun Anda, di header “Authorization: Bearer …”.
api-tag = Setiap jawaban memiliki ETag: kirim sebagai If-None-Match, dan yang tidak berubah tidak dikirim lagi.
api-document = Hal yang sama sebagai dokumen OpenAPI
api-feed = Perubahan rekomendasi sebagai feed
api-needs-token = Memerlukan token.
api-parameters = Dapat dipilih menurut:
feed-title = Mode kerja yang disarankan untuk { $city }
