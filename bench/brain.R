# The peer of `brain rt`: EpiEstim on the same counts. Rscript brain.R PLACES DAYS [run]
suppressPackageStartupMessages(library(EpiEstim))
args <- commandArgs(trailingOnly = TRUE)
places <- as.integer(args[1])
days <- as.integer(args[2])
day <- 0:(days - 1)
counts <- lapply(0:(places - 1), function(place) {
  wave <- 1 + sin(day / 60 + place)
  noise <- ((place * 7919 + day * 104729) %% 97) / 97
  floor(wave * 120 * (0.5 + noise))
})
if (length(args) > 2) {
  total <- 0
  for (incidence in counts) {
    told <- suppressWarnings(suppressMessages(estimate_R(
      incidence,
      method = "parametric_si",
      config = make_config(list(mean_si = 4.4, std_si = 2.5))
    )))
    total <- total + sum(told$R$`Mean(R)`) + sum(told$R$`Quantile.0.025(R)`) + sum(told$R$`Quantile.0.975(R)`)
  }
  cat(total, "\n")
} else {
  cat(length(counts), "\n")
}
