# Mengapa tidak boleh masuk, atau sebuah perubahan akun tidak dilakukan. Tidak pernah mengatakan bagian mana yang salah.

access-refused = Nama akun, kata sandi atau kode tidak benar.
access-locked = Terlalu banyak percobaan yang salah untuk akun ini.
access-too-many = Terlalu banyak percobaan yang salah dari alamat ini.
access-expired = Sesi atau tautan ini sudah berakhir.
access-forbidden = Itu tidak diperbolehkan bagi akun ini.
access-unavailable = Tidak dapat diperiksa sekarang. Coba sebentar lagi.
access-name-invalid = Nama akun terdiri atas 3 sampai 40 huruf a sampai z, angka, titik, garis bawah atau garis, dan diawali huruf atau angka.
access-name-taken = Sudah ada akun dengan nama itu.
access-oidc-name-taken = Nama pada penyedia itu sudah dipakai akun lain.
access-no-such-account = Tidak ada akun dengan nama itu.
access-unit-needed = Kepala unit memerlukan unit kerja.
access-unit-not-for-role = Hanya kepala unit yang mempunyai unit kerja.
access-last-owner = Ini pemilik sistem terakhir yang dapat masuk. Tambah pemilik lain lebih dahulu.
access-second-step-there = Akun ini sudah mempunyai langkah kedua.
access-scopes-too-wide = Pilih paling sedikit satu hal yang boleh dikerjakan token, dan tidak lebih dari yang boleh bagi akun ini.
access-days-out-of-range = Token berlaku 1 sampai 366 hari.
access-person-invalid = Nama lengkap dan nama di penyedia masing-masing paling banyak 100 karakter.
access-title-invalid = Tulis untuk apa, paling banyak 100 karakter.
access-no-such-id = Sudah tidak ada.
access-disabled = Akun ini dinonaktifkan. Aktifkan lebih dahulu.
access-no-provider = Tidak ada penyedia masuk yang dipasang.
password-too-short = Kata sandi ini terlalu pendek: paling sedikit 12 karakter.
password-too-long = Kata sandi ini terlalu panjang: paling banyak 128 karakter.
password-guessable = Kata sandi ini mudah ditebak. Pakai kalimat dari beberapa kata yang tidak berhubungan.
