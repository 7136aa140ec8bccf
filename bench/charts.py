"""The case curve of bench/charts.rs drawn by matplotlib: bars, 7-day mean, three named lines, as SVG and as PNG of the same pixels."""
import datetime
import io
import math
import statistics
import sys
import time

import matplotlib

matplotlib.use("Agg")
import matplotlib.dates as dates
import matplotlib.pyplot as plt

DAYS = 56


def cases(day):
    return round(12.0 * math.exp(day * 0.065) * (0.85 + (day * 7 % 5) * 0.06))


DATES = [datetime.date(2021, 5, 4) + datetime.timedelta(day) for day in range(DAYS)]
CASES = [cases(day) for day in range(DAYS)]
MEANS = [sum(CASES[day - 6 : day + 1]) / 7 for day in range(6, DAYS)]
LINES = [(29.8, "20 per 100.000", "#8a6a12"), (74.5, "50 per 100.000", "#a4560f"), (223.5, "150 per 100.000", "#981212")]


def drawn(form):
    figure, axes = plt.subplots(figsize=(9.6, 4.2), dpi=100)
    axes.bar(DATES, CASES, width=0.8, color="#7b96ab", label="kasus harian")
    axes.plot(DATES[6:], MEANS, color="#0b4868", linewidth=2.4, label="rata-rata 7 hari")
    for value, name, colour in LINES:
        axes.axhline(value, color=colour, linewidth=1.2)
        axes.annotate(name, (1.01, value), xycoords=("axes fraction", "data"), color=colour, va="center")
    axes.xaxis.set_major_locator(dates.WeekdayLocator(byweekday=dates.MO))
    axes.xaxis.set_major_formatter(dates.DateFormatter("%d %b"))
    axes.set_title("Kasus harian 447 pada 28 Juni 2021, tertinggi yang tercatat", loc="left", fontweight="bold")
    axes.legend(loc="upper left", frameon=False)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.grid(axis="y", color="#e1e6ea")
    axes.set_axisbelow(True)
    file = io.BytesIO()
    figure.savefig(file, format=form, dpi=200)
    plt.close(figure)
    return file.getvalue()


def median(tries, form):
    took = []
    for _ in range(tries):
        begun = time.perf_counter()
        drawn(form)
        took.append((time.perf_counter() - begun) * 1000)
    return statistics.median(took)


tries = int(sys.argv[1]) if len(sys.argv) > 1 else 20
for form in ("svg", "png"):
    size = len(drawn(form))
    print(f"{form} {median(tries, form):.3f} {size}")
