# Pesan peringatan.
mail-subject = siaga { $city }: { $level }
mail-demo = Demonstrasi
mail-foot = Kebijakan { $policy }; data yang diketahui pada { $as_of }. siaga memberi anjuran; yang memutuskan adalah manusia.
mail-demo-foot = Pesan ini dibuat untuk demonstrasi dari angka tercetak tahun 2021; bukan keadaan sekarang.
alert-threshold_crossed = { $rule } { $title }: { $value } melewati ambang { $threshold }; meminta { $level }.
alert-order = { $rule } { $title }: meminta { $level }.
alert-recommendation_changed = Anjuran berubah dari { $before } menjadi { $level }.
alert-not_assessable = Tingkat tidak dapat dinilai karena angka kasus tidak ada; { $level } ditahan.
alert-source_late = Sumber { $source } terlambat: angkanya ditunggu paling lambat { $since }.
alert-source_stalled = Sumber { $source } macet: tidak ada yang baru sejak { $since }.
alert-source_failing = Sumber { $source } tidak dapat ditarik sejak { $since }.
alert-source_back = Sumber { $source } pulih.
alert-decision_due = Keputusan { $number }: { $what }, { $date }.
message-cut = … (dipotong; selengkapnya di siaga)
