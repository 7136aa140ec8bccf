# Kalimat penjelasan: mengapa tingkat ini.

headline-cases = { $cases } kasus dalam 7 hari
headline-rise = naik { $pct } dari pekan sebelumnya
headline-fall = turun { $pct } dari pekan sebelumnya
headline-same = sama dengan pekan sebelumnya
headline-from = dari { $before } pekan sebelumnya
headline-incidence-over = { $incidence } per 100.000 penduduk melewati ambang { $threshold }
headline-incidence = { $incidence } per 100.000 penduduk
headline-missing = Kasus 7 hari per { $date } tidak dapat dihitung: { $reason }.
headline-last = { $incidence } per 100.000 penduduk dalam 7 hari sampai { $date }, angka terakhir yang diketahui.

decided-by = Penentu: { $rule } { $title }.
decided-also = Tingkat yang sama juga diminta { $rules }.
decided-holds = Ditahan oleh { $rule } { $title }: nilai keluar belum terpenuhi.
decided-none = Tidak ada aturan yang meminta pembatasan.
decided-order = { $instrument } berlaku: paling banyak { $pct }% pegawai unit bukan layanan di kantor.

verdict-hold = tahan
verdict-raise = naikkan
verdict-step_down = turunkan satu tingkat
verdict-extend = perpanjang
verdict-end = akhiri
verdict-superseded = digantikan aturan pusat
verdict-not_assessable = tidak dapat dinilai – tahan tingkat

recommend-from = disarankan mulai { $date }
recommend-hold = tahan tingkat yang berlaku
recommend-extend = disarankan diperpanjang
recommend-superseded = perintah pusat berlaku; menurut aturan kota: { $own }
recommend-not_assessable = angka kasus tidak cukup; tingkat yang berlaku ditahan
in-force-since = sejak { $date }

level-not_assessable = Tidak dapat dinilai
mode-normal = normal
mode-partial = parsial
mode-wfh = WFH 100%
mode-not_assessable = tidak dapat dinilai

rule-fires = menyala
rule-quiet = tenang
rule-not_assessed = tidak dinilai

change-raise = { $rule }: { $indicator } { $sign } { $threshold } menaikkan ke { $level } (sekarang { $value })
change-raise-cases = { $rule }: { $cases } kasus lagi pekan ini menaikkan ke { $level } ({ $indicator } { $sign } { $threshold })
change-lower = { $rule }: { $indicator } { $sign } { $threshold } selama { $needed } hari (sudah { $held } hari, sekarang { $value })
sensitivity-firm = Dalam selang 95% angka hari ini tingkatnya tetap sama.
sensitivity-upper = Pada batas atas selang hari ini tingkatnya menjadi { $level }.
sensitivity-lower = Pada batas bawah tingkatnya menjadi { $level }.
sensitivity-late = Laporan susulan yang lazim ({ $percent }% lebih untuk pekan terakhir) akan menaikkan anjuran pada { $raised } dari { $weeks } pekan terakhir.
sensitivity-late-none = Laporan susulan yang lazim ({ $percent }% lebih untuk pekan terakhir) tidak akan menaikkan anjuran pada satu pun dari { $weeks } pekan terakhir.

missing-never_reported = belum pernah dilaporkan
missing-no_figure = tidak ada angka untuk hari itu
missing-week_incomplete = tidak ada total untuk hari itu atau tujuh hari sebelumnya, dan angka harian sepekan tidak lengkap
missing-total_fell = total kumulatif lebih kecil daripada tujuh hari sebelumnya
missing-no_previous_week = angka pekan sebelumnya tidak ada
missing-previous_week_zero = pekan sebelumnya tanpa kasus, jadi tidak ada rasio
missing-no_change = tidak naik dan tidak turun
missing-no_population = jumlah penduduk tidak diketahui
missing-no_headcount = jumlah pegawai tidak diketahui
missing-too_few_tests = kurang dari satu tes per 1.000 penduduk sepekan
missing-unknown_start = angka kumulatif tanpa hari awal; hanya rentang yang dapat diberikan
missing-no_unit_figures = tidak ada angka per unit
missing-too_old = angka terakhir terlalu lama
missing-only_reconstructed = hanya rekonstruksi atau contoh; aturan tidak boleh bertumpu padanya
missing-no_beds = tempat tidur tersedia dilaporkan nol
missing-part_exceeds_whole = bagian lebih besar daripada keseluruhannya
missing-no_order = tidak ada perintah pusat
missing-withheld = ditahan: jumlahnya terlalu kecil untuk ditampilkan
missing-excluded = angka yang diperlukan dikeluarkan oleh petugas data; alasannya tertera pada angka itu
missing-too_early = deret baru saja mulai
missing-earlier_day_missing = hari sebelumnya, saat kasus ini mungkin tertular, tidak diketahui
missing-no_earlier_cases = tidak ada kasus pada hari-hari sebelumnya
missing-past_too_short = riwayat terlalu pendek
missing-not_followed = tidak diketahui kapan angkanya masuk
missing-too_little_known = baru terlalu sedikit yang diketahui
missing-source_changed = di tengah rentang itu sumber yang berlaku berganti, dan tidak satu pun memuat seluruhnya

reject-unreadable = tidak dapat dibaca
reject-cell_count = jumlah sel tidak sama dengan jumlah kolom
reject-not_a_day = bukan tanggal dalam bentuk sumber ini; bentuk yang diharapkan tertera di sampingnya
reject-wrong_weekday = nama harinya tidak cocok dengan tanggalnya
reject-ambiguous = seribu atau satu? Tulis 1000, atau atur numbers = "indonesian" dalam berkas sumbernya
reject-column_missing = kolom tidak ada
reject-unknown_column = kolom yang tidak dikenal: beri nama seperti dalam templat, atau hapus
reject-future_date = tanggal sesudah hari diterima
reject-future_vintage = diketahui sesudah diterima
reject-other_location = wilayah lain, bukan milik sumber ini
reject-unknown_location = wilayah yang tidak ada dalam daftar
reject-unknown_unit = unit yang tidak ada dalam daftar
reject-day_month_swapped = hari dan bulan tertukar
reject-negative = di bawah nol
reject-fraction = hitungan harus bilangan bulat
reject-out_of_range = di luar batas wajar
reject-more_than_residents = melebihi jumlah penduduk; bila daftar wilayah yang keliru, perbaiki di sana
reject-too_many_beds = tempat tidur melebihi yang mungkin untuk jumlah penduduknya
reject-total_fell = total kumulatif turun
reject-swapped = sembuh dan aktif tampak tertukar
reject-conflict = dua nilai untuk angka yang sama pada saat yang sama

indicator-cases_7d = kasus 7 hari
indicator-cases_prev_7d = kasus 7 hari sebelumnya
indicator-growth_ratio = pertumbuhan mingguan (rasio)
indicator-growth_pct = pertumbuhan mingguan
indicator-doubling_days = waktu penggandaan (hari)
indicator-incidence_7d_per_100k = kasus per 100.000 dalam 7 hari
indicator-incidence_14d_per_100k = kasus per 100.000 dalam 14 hari
indicator-cases_mean_7d = rata-rata 7 hari
indicator-cases_mean_7d_per_100k = rata-rata 7 hari per 100.000
indicator-deaths_7d_per_100k = kematian per 100.000 dalam 7 hari
indicator-admissions_7d_per_100k = rawat inap baru per 100.000 dalam 7 hari
indicator-admissions_mean_7d = rawat inap baru per hari, rata-rata 7 hari
indicator-rt = angka reproduksi (Rt)
indicator-rt_ratio = angka reproduksi sebagai rasio
indicator-staff_ratio = ASN dibanding kota, teramati per harapan
indicator-nowcast_cases_7d = kasus 7 hari, termasuk laporan yang akan menyusul
indicator-cases_7d_ahead_1w = kasus 7 hari, perkiraan satu minggu ke depan
indicator-cases_7d_ahead_2w = kasus 7 hari, perkiraan dua minggu ke depan
indicator-positivity_7d_pct = tingkat positivitas
indicator-tests_7d_per_1000 = tes per 1.000 dalam 7 hari
indicator-bed_occupancy_pct = keterisian tempat tidur (BOR)
indicator-icu_occupancy_pct = keterisian ICU
indicator-staff_cases_7d = kasus ASN 7 hari
indicator-staff_cases_14d = kasus ASN 14 hari
indicator-staff_prevalence_14d_pct = ASN positif 14 hari
indicator-staff_prevalence_total_pct = ASN positif kumulatif
indicator-unit_clusters = unit dengan klaster
indicator-zone = zona risiko resmi
indicator-data_age_days = umur data (hari)
indicator-completeness_pct = kelengkapan data

zone-0 = hijau
zone-1 = kuning
zone-2 = oranye
zone-3 = merah
status-printed = tercetak
status-derived = turunan
status-reconstructed = rekonstruksi

# Apa yang meragukan pada suatu angka
doubt-backlog = jauh di atas hari atau pekan sebelumnya: laporan terlambat yang dikeluarkan sekaligus?
doubt-outlier = lonjakan yang tidak dapat dijelaskan oleh laporan terlambat: salah ketik?
doubt-total_disagrees = jumlah kumulatif tidak naik sebesar kasus baru dari sumber yang sama
doubt-parts_disagree = jumlah sembuh, aktif, dan meninggal tidak sama dengan seluruh kasus
doubt-recovered_fell = angka sembuh lebih kecil daripada sebelumnya: tertukar dengan angka lain?
doubt-places_disagree = jumlah seluruh daerah tidak sama dengan angka wilayah induknya
doubt-unidentified_share = terlalu banyak kasus yang daerahnya belum teridentifikasi
doubt-zero_run = hari-hari nol di antara hari-hari dengan banyak kasus: apakah tidak dilaporkan?
doubt-flat_total = jumlah kumulatif tidak bergerak: apakah tidak dilaporkan?

# Keputusan atas suatu angka
judgement-confirm = dikonfirmasi
judgement-spread = disebar ke beberapa hari
judgement-exclude = dikeluarkan
judgement-withdraw = ditarik kembali
