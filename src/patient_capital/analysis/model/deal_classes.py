"""Published shares of venture deals by class of gross multiple."""

from __future__ import annotations

from patient_capital.tables import Reader


def deal_bins(reader: Reader) -> list[float]:
    """Return the published shares of venture deals by gross multiple: below 1, 1-5, 5-10, 10-20, 20-50, 50 and more."""
    published = ("loss_share", "share_ge5", "share_ge10", "share_10_20", "share_20_50", "share_ge50")
    loss, ge5, ge10, s10, s20, s50 = (reader.number("parameters", f"vr_{name}", "value") for name in published)
    return [loss, 1 - loss - ge5, ge5 - ge10, s10, s20, s50]
