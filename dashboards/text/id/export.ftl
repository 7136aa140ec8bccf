# Berkas yang dibawa orang: yang berdiri dalam buku kerja di samping baris, dalam paket bukti, dan di bawah panel halaman.

export-sheet-dictionary = kamus
export-sheet-about = tentang
export-column = Kolom
export-meaning = Isinya
export-what = Apa
export-how = Berkas ini
export-filters-none = tidak ada: semua baris
export-about-title = Judul
export-about-holds = Isi
export-about-place = Wilayah
export-about-as-of = Seperti diketahui pada
export-about-zone = Zona waktu
export-about-filters = Saringan
export-about-rows = Baris
export-about-suppression = Yang ditahan
export-about-data = Sidik angka
export-about-sha256 = SHA-256 baris yang sama sebagai CSV
export-about-policy = Kebijakan dan versinya
export-about-build = Program
export-about-sources = Sumber (ketentuan)
export-about-id = Id: siaga reproduce membuat berkas yang sama lagi

# Paket bukti
evidence-title = Bukti untuk { $date }, { $city }
evidence-what = Dasar anjuran hari ini, seperti diketahui pada { $as_of }. Yang ditahan: { $suppression }.
evidence-as-made = Penilaiannya dibuat pada hari itu, dan inilah yang tersimpan.
evidence-not-made = Untuk hari itu tidak ada penilaian yang tersimpan: yang ini dihitung dari angka saat itu.
evidence-file-data = data/  angka sampai hari itu dengan setiap versinya, dan indikator per hari; masing-masing dengan kamus dan keterangan berkas
evidence-file-assessment = assessment/  apa kata aturan, sebagai data dan sebagai teks dalam kedua bahasa; on_these_figures.json adalah hal yang sama, dihitung lagi dari angka dalam paket ini
evidence-file-policy = policy/  aturan yang berlaku, seperti berkasnya
evidence-file-charts = charts/  setiap grafik, sebagai SVG dan PNG, dan isinya sebagai CSV
evidence-file-decisions = decisions/  tempat keputusan yang dicatat
evidence-file-manifest = manifest.json  SHA-256 setiap berkas, dan id paket ini
evidence-again = “siaga reproduce ID” dengan id dari manifest.json membuat bita yang sama lagi.
evidence-decisions = Program ini mencatat anjuran aturan. Keputusan yang dibuat orang belum dicatat olehnya, jadi folder ini kosong.

# Under panels
download-descriptor = Deskripsi
download-excel = CSV untuk Excel
downloads-evidence = Bukti untuk { $date } (ZIP)
export-chart-holds = isi grafik, dengan ketelitian penuh
