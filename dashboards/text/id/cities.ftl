# Beberapa kota dalam satu instalasi: halaman bagi siapa pun yang tidak meminta salah satunya

cities-menu = kota dan kabupaten
cities-title = Kota atau kabupaten mana?
cities-what = Masing-masing punya halaman, angka, dan aturan sendiri. Tingkat adalah anjuran aturannya menurut angka terbaru yang boleh dilihat siapa pun.
cities-nothing-title = Tidak ada apa-apa di sini
cities-nothing = Tidak ada halaman di alamat ini. Setiap kota dan kabupaten punya halamannya sendiri.
cities-caption = Kota dan kabupaten
cities-city = Kota atau kabupaten
cities-level = Tingkat sekarang
cities-newest = Angka terbaru
cities-no-figures = belum ada angka
cities-away = belum dapat dibuka
cities-set-up = sedang disiapkan
