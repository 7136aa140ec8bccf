"""The peer of `brain growth`: pandas on the same counts. `brain.py PLACES DAYS [run [TIMES]]`."""

import math
import sys

import numpy as np
import pandas as pd

places, days = int(sys.argv[1]), int(sys.argv[2])
day = np.arange(days)
frames = []
for place in range(places):
    wave = 1.0 + np.sin(day / 60.0 + place)
    noise = ((place * 7919 + day * 104729) % 97) / 97.0
    frames.append(np.floor(wave * 120.0 * (0.5 + noise)))
frame = pd.DataFrame(
    {"location": np.repeat(np.arange(places), days), "cases": np.concatenate(frames)}
)
if len(sys.argv) > 3:
    total = 0.0
    for _ in range(int(sys.argv[4]) if len(sys.argv) > 4 else 1):
        week = frame.groupby("location")["cases"].rolling(7).sum().reset_index(level=0, drop=True)
        before = week.groupby(frame["location"]).shift(7)
        growth = (week / before).replace([math.inf, -math.inf], math.nan)
        incidence = week / 250_000 * 1e5
        total += growth.sum() + incidence.sum()
    print(total)
else:
    print(len(frame))
