"""Rules of substance that no single cell can break: what must agree across rows and tables."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from functools import cache
from math import inf, log10
from statistics import median
from threading import Lock
from urllib.parse import urlsplit

from patient_capital.money import addable
from patient_capital.naming import one_line
from patient_capital.tables.cells import last_digit
from patient_capital.tables.data import DATA_FOLDER, Data, DataError, Problem
from patient_capital.tables.read import load
from patient_capital.tables.same import absent, name_of, same_values_agree

TOLERANCE_CNY_BN = 0.01
"""Shares are printed with a few digits, so that stakes add to the registered size only to about this."""

CONTRACT = "datapackage.json"

WHOLE_ROW = "(row)"
"""Column of a correction that added or removed a row."""

_ROW = re.compile(r"(?P<table>[a-z_]+)\[(?P<row>[^\[\]]+)\]")
_CELL = re.compile(r"(?P<table>[a-z0-9_]+)(?:\[(?P<row>[^\[\]]+)\])?\.(?P<column>[a-z0-9_]+)")

HOW_FOUND = re.compile(
    r"\b(?:via|after|copy|reprint|mirror|digest|aggregator|citing|through|carried)\b|[()\[\]\uff08\uff09]",
    re.IGNORECASE,
)
"""Words and brackets that say how a page was found; none stands in the name of a publisher."""

SELF_PUBLISHED = frozenset({"blog", "code_sharing", "social"})
"""Kinds of pages, and of publishers, where anybody can write anything: no headline rests on these alone."""

HOSTS = {
    "code_sharing": ("github.com", "gitlab.com", "gitee.com", "huggingface.co"),
    "social": ("bsky.app", "bushdrum.com", "reddit.com", "threadreaderapp.com", "twitter.com", "weibo.com", "x.com"),
    "blog": ("blogspot.com", "csdn.net", "wordpress.com"),
}
"""Hosts whose pages are of one kind, whoever writes them, by that kind."""


def partners_add_up(data: Data) -> Iterator[Problem]:
    """Partners of a fund whose rest is listed too must add to its registered size."""
    partners, funds = data.table("fund_partners"), data.table("funds")
    rows = defaultdict(list)
    for key, text in partners.text.items():
        if text["amount_cny_bn"]:
            rows[text["fund_id"]].append(key)
    for fund, keys in rows.items():
        registered = funds.text[fund]["registered_cny_bn"]
        whole = any(partners.text[key]["partner_kind"] == "unnamed" for key in keys) or fund.startswith("cn_nvcgf")
        total = sum(float(partners.text[key]["amount_cny_bn"]) for key in keys)
        if registered and whole and abs(total - float(registered)) > TOLERANCE_CNY_BN:
            rule = f"the partners of {fund} in {partners.schema.path} add to {total:g}"
            advice = "Correct the size, or an amount of its partners (the rest without a name included)."
            yield funds.problem(fund, "registered_cny_bn", rule, advice)


def stakes_are_shares(data: Data) -> Iterator[Problem]:
    """The share of a partner is its amount over what the fund has registered, at the digits that it is printed with."""
    partners, funds = data.table("fund_partners"), data.table("funds").text
    for key, text in partners.text.items():
        registered = funds[text["fund_id"]]["registered_cny_bn"]
        if not (registered and text["amount_cny_bn"] and text["share_pct"]):
            continue
        share, told = 100 * float(text["amount_cny_bn"]) / float(registered), text["share_pct"]
        if abs(share - float(told)) > 0.51 * last_digit(told):
            rule = f"{text['amount_cny_bn']} of {registered} registered in {text['fund_id']} are {share:.4g} percent"
            advice = "Correct the share, or the amount."
            yield partners.problem(key, "share_pct", rule, advice)


def stages_do_not_exceed(data: Data) -> Iterator[Problem]:
    """Paid in and invested cannot exceed what is announced, registered or subscribed at most."""
    funds = data.table("funds")
    for fund, text in funds.text.items():
        most = [float(text[f"{s}_cny_bn"]) for s in ("announced", "registered", "subscribed") if text[f"{s}_cny_bn"]]
        for stage in ("first_close", "paid_in", "invested"):
            amount = text[f"{stage}_cny_bn"]
            if most and amount and float(amount) > max(most) + TOLERANCE_CNY_BN:
                rule = f"exceeds everything announced, registered or subscribed ({max(most):g})"
                advice = "Correct the amount, or give the larger size in the column of its stage."
                yield funds.problem(fund, f"{stage}_cny_bn", rule, advice)


def countable_funds_lie_in_no_other(data: Data) -> Iterator[Problem]:
    """A fund is countable exactly if it is no umbrella and lies inside no other fund, umbrellas left aside."""
    funds = data.table("funds")
    for fund, free in addable(funds.frame).items():
        told = funds.text[str(fund)]["countable"]
        if told != str(free).lower():
            rule = "umbrella and parent_id say that it " + ("may be added" if free else "may not be added to others")
            advice = f"Write {str(free).lower()}, or correct umbrella or parent_id."
            yield funds.problem(str(fund), "countable", rule, advice)


def rivals_differ(data: Data) -> Iterator[Problem]:
    """An amount that is said to rival the preferred one is another amount."""
    other, funds = data.table("fund_amounts_alt"), data.table("funds").text
    for key, text in other.text.items():
        preferred = funds[text["fund_id"]].get(f"{text['stage']}_cny_bn", "")
        if text["role"] == "rival" and preferred and float(preferred) == float(text["amount_cny_bn"] or "nan"):
            rule = f"is called a rival of the same amount of {text['fund_id']}"
            advice = "Say statement, or give the amount that differs."
            yield other.problem(key, "role", rule, advice)


def searches_are_due_later(data: Data) -> Iterator[Problem]:
    """What was not found is not due to be looked for again by the day of the edition."""
    searches, edition = data.table("searches"), data.package.edition
    for row, text in searches.text.items():
        if text["look_next"] <= edition:
            rule = f"the next look is due in the edition of {edition}"
            advice = "Look again, give the day and what was found, and the day of the look after that."
            yield searches.problem(row, "look_next", rule, advice)


def clauses_agree(data: Data) -> Iterator[Problem]:
    """A number that a clause shares with a rule is the same in both tables; a life lies in the span of its fund.

    A loss ceiling that says what it counts names its rule, so that texts and figures count the same ceilings.
    """
    clauses, rules, funds = (data.table(name) for name in ("patience_clauses", "fund_rules", "funds"))
    for key, text in clauses.text.items():
        spans = []
        if text["clause"] == "loss_ceiling" and text["value"] and text["what_is_counted"] and not text["rule_id"]:
            rule = f"is a loss ceiling that no row of {rules.schema.path} holds"
            yield clauses.problem(key, "rule_id", rule, "Add the ceiling there, and name its row here.")
        if text["rule_id"]:
            same = rules.text[text["rule_id"]]["value"]
            spans.append((rules.schema.path, text["rule_id"], same, same))
        if text["fund_id"] and text["clause"] == "life":
            fund = funds.text[text["fund_id"]]
            spans.append((funds.schema.path, text["fund_id"], fund["life_years_low"], fund["life_years_high"]))
        for path, row, low, high in spans:
            if text["value"] and low and not float(low) <= float(text["value"]) <= float(high):
                rule = f"{path}, row {row} gives {low if low == high else f'{low} to {high}'}"
                yield clauses.problem(key, "value", rule, "Correct the number that is wrong; both must agree.")


def _happened(data: Data, name: str, row: str, column: str) -> str:
    """Return when what a cell says happened, as far as its row tells; a date is its own."""
    table = data.table(name)
    field = table.schema.field(column)
    dated_by = column if field.dates_itself else field.dated_by
    return table.text[row][dated_by] if dated_by else ""


def evidence_proves_a_cell(data: Data) -> Iterator[Problem]:
    """Evidence names a cell that holds a value, quotes the page if it was seen, and is not older than its event."""
    evidence, sources = data.table("evidence"), data.table("sources").text
    for key, text in evidence.text.items():
        cell = name_of(text)
        if why := absent(data, text):
            advice = "Name a cell that exists, fill it with what the page says, or remove the row."
            yield evidence.problem(key, "row_id", f"is evidence for {cell}, which {why}", advice)
            continue
        if (text["seen"] == "not_seen") != (not text["stated"]):
            rule = "a page that was seen is quoted, and only such a page"
            yield evidence.problem(key, "stated", rule, "Give its deciding words, or say not_seen.")
        happened, published = (
            _happened(data, text["table"], text["row_id"], text["column"]),
            sources[text["source_key"]]["published"],
        )
        if text["looked_on"] < published:
            rule = f"the page is of {published}, and was looked at before that"
            yield evidence.problem(key, "looked_on", rule, "Correct one of the days.")
        shorter = min(len(happened), len(published))
        if published[:shorter] < happened[:shorter]:
            rule = f"is of {published}, older than {cell}, which is of {happened}"
            advice = "Name a page that was written later, or correct one of the dates."
            yield evidence.problem(key, "source_key", rule, advice)


def rows_are_of_their_latest_page(data: Data) -> Iterator[Problem]:
    """What the table of funds tells of a row is as of the latest page that it cites, not of the day of a look."""
    funds, sources = data.table("funds"), data.table("sources").text
    for fund, text in funds.text.items():
        latest = max((sources[key]["published"] for key in text["source_keys"].split(";") if key), default="")
        # The table may know the month of a page of which only the year is told.
        if latest and not text["as_of"].startswith(latest):
            yield funds.problem(
                fund, "as_of", f"the latest page of the row is of {latest}", "Give that day, or cite the later page."
            )


def publishers_are_names(data: Data) -> Iterator[Problem]:
    """The name of a publisher says who it is; where its text was read and who wrote it is said of each page."""
    publishers = data.table("publishers")
    for row, text in publishers.text.items():
        if found := HOW_FOUND.search(text["name"]):
            rule = f"{found[0]!r} says how a page was found, not who published it"
            advice = "Give the proper name; in sources.csv carried_by says where the page was read, and note the rest."
            yield publishers.problem(row, "name", rule, advice)


def pages_without_publisher_say_what_they_are(data: Data) -> Iterator[Problem]:
    """A page that names no publisher says where it was read, or what kind of page it is: a list prints this instead."""
    sources, publishers = data.table("sources"), data.table("publishers").text
    for key, text in sources.text.items():
        if publishers[text["publisher_id"]]["kind"] == "unnamed" and not text["carried_by"]:
            advice = "Give the site, or the kind of page, as Live text of the session; or name its publisher."
            yield sources.problem(key, "carried_by", "the page names no publisher, and nothing says what it is", advice)


def self_published(data: Data, name: str) -> frozenset[str]:
    """Return the rows of a table that cite self-published pages and nothing else."""
    kinds = {key: text["kind"] for key, text in data.table("sources").text.items()}
    table = data.table(name)
    cited = {row: table.schema.source_keys(text) for row, text in table.text.items()}
    return frozenset(row for row, keys in cited.items() if keys and all(kinds[key] in SELF_PUBLISHED for key in keys))


def _kind_by_host(address: str) -> str | None:
    """Return the kind that a page is of by its address; nothing where the host does not tell."""
    host = urlsplit(address).hostname or ""
    return next((k for k, names in HOSTS.items() for n in names if host == n or host.endswith(f".{n}")), None)


def self_published_pages_are_told(data: Data) -> Iterator[Problem]:
    """A page on a host for code, posts or blogs says so in its kind, and so does one by whoever publishes himself.

    A reprint is the text of another: its host tells nothing.
    """
    sources, publishers = data.table("sources"), data.table("publishers").text
    for key, text in sources.text.items():
        kind = None if text["reprint"] == "true" else _kind_by_host(text["url"])
        if kind and text["kind"] != kind:
            yield sources.problem(
                key, "kind", f"the page stands on {urlsplit(text['url']).hostname}", f"Its kind is {kind}."
            )
        elif publishers[text["publisher_id"]]["kind"] in SELF_PUBLISHED and text["kind"] not in SELF_PUBLISHED:
            rule = f"{text['publisher_id']} publishes by himself: {publishers[text['publisher_id']]['kind']}"
            advice = f"Its kind is one of {', '.join(sorted(SELF_PUBLISHED))}; or correct the kind of the publisher."
            yield sources.problem(key, "kind", rule, advice)


def calls_are_decided_in_time(data: Data) -> Iterator[Problem]:
    """A call is decided by a page, on a day after it was made, and is not left open past the day it is due."""
    calls, edition, sources = data.table("calls"), data.package.edition, data.table("sources").text
    for key, text in calls.text.items():
        if not text["made_on"] < text["due_on"]:
            rule = f"the call is made on {text['made_on']}, not before it is due"
            yield calls.problem(key, "due_on", rule, "Correct one of the days.")
        if not text["outcome"] and text["due_on"] <= edition:
            rule = f"was due by the edition of {edition} and has no outcome"
            advice = "Decide it by its rule: give outcome, decided_on and source_keys."
            yield calls.problem(key, "due_on", rule, advice)
        days = [sources[one]["published"] for one in calls.schema.source_keys(text)]
        if text["outcome"] in {"yes", "no"} and all(days) and max(days) < text["made_on"][: len(max(days))]:
            rule = f"the latest page that decides it is of {max(days)}, before the call was made on {text['made_on']}"
            yield calls.problem(key, "source_keys", rule, "Cite the page that tells the outcome, or say void.")


CODE_DIGITS = {"Hong Kong": 5}
"""Digits of the codes of an exchange; those of the mainland have six."""


def listings_say_in_what(data: Data) -> Iterator[Problem]:
    """A listing has prices and amounts in one currency, a code of its exchange, and is freed by law or on a day."""
    listed = data.table("ai_listings")
    for key, text in listed.text.items():
        if text["amount_unit"] != f"{text['price_unit']}_bn":
            rule = f"the prices of the row are in {text['price_unit']}"
            yield listed.problem(key, "amount_unit", rule, "Correct one of the two.")
        digits = CODE_DIGITS.get(text["exchange"], 6)
        if text["code"] and len(text["code"]) != digits:
            rule = f"codes of {text['exchange']} have {digits} digits"
            yield listed.problem(key, "code", rule, "Correct the code, or the exchange.")
        if (text["law_binds"] == "true") != (not text["freed_on"]) or (text["freed_on"] or "9") <= text["listed_on"]:
            rule = f"the firm was listed on {text['listed_on']}, and law_binds is {text['law_binds']}"
            advice = "A firm that the law binds has no day of its own; any other has one, later than its listing."
            yield listed.problem(key, "freed_on", rule, advice)
        raised, offer, value, close = (text[name] for name in ("raised", "offer_price", "first_value", "first_close"))
        if all((raised, offer, value, close)) and float(raised) / float(offer) > float(value) / float(close):
            rule = f"{raised} at {offer} each are more shares than the firm had by {value} at {close}"
            yield listed.problem(key, "raised", rule, "Correct one of the four; an amount may be in another unit.")


RATES_DIFFER = 1.2
"""Times by which an amount in yuan may lie outside the exchange rates of the book, as when it is of an earlier year."""


def dollars_are_dollars(data: Data) -> Iterator[Problem]:
    """What is given in dollars is the same in the column of dollars; yuan make dollars at a rate of some year."""
    compared = data.table("comparators")
    rates = [float(text["cny_per_usd"]) for text in data.table("fx").text.values()]
    for key, text in compared.text.items():
        both = text["unit"] == "cny_bn" and text["amount"] and float(text["amount_usd_bn"] or 0)
        if both and not min(rates) / RATES_DIFFER < float(text["amount"]) / both < max(rates) * RATES_DIFFER:
            rule = f"{text['amount']} over it are {float(text['amount']) / both:.3g} yuan a dollar"
            yield compared.problem(key, "amount_usd_bn", rule, "Correct one of the two amounts.")
        if (
            text["unit"] == "usd_bn"
            and text["amount"]
            and float(text["amount"]) != float(text["amount_usd_bn"] or "nan")
        ):
            yield compared.problem(
                key, "amount_usd_bn", f"amount is {text['amount']} in usd_bn", "Give the same amount in both columns."
            )


def pledges_say_when(data: Data) -> Iterator[Problem]:
    """A pledge of which nothing was found has no day of delivery, and any other has one."""
    pledges = data.table("pledges")
    for key, text in pledges.text.items():
        if (text["status"] == "not_found") == bool(text["delivered_on"]):
            yield pledges.problem(key, "delivered_on", f"status is {text['status']}", "Correct the status, or the day.")


def firms_act_once_founded(data: Data) -> Iterator[Problem]:
    """Nothing is told of a firm before the year in which it was founded."""
    events, firms = data.table("dragon_events"), data.table("dragons").text
    for key, text in events.text.items():
        founded = firms[text["firm_id"]]["founded_year"]
        if founded and text["date"][:4] < founded:
            yield events.problem(key, "date", f"{text['firm_id']} was founded in {founded}", "Correct one of the two.")


def tiles_make_a_map(data: Data) -> Iterator[Problem]:
    """Each province of the data has a tile, and in neither grid do two share a place."""
    tiles, codes = data.table("tile_grid"), data.table("province_codes")
    for code, text in codes.text.items():
        if text["in_data"] == "true" and code != "CN" and code not in tiles.text:
            advice = f"Add its row to {tiles.schema.path}, or say that it is not in the data."
            yield codes.problem(code, "in_data", f"{code} has no tile", advice)
    # The places in the other grid are the natural key of the table.
    seen: dict[tuple[str, str], str] = {}
    for code, text in tiles.text.items():
        if (first := seen.setdefault((text["alt_row"], text["alt_col"]), code)) != code:
            yield tiles.problem(code, "alt_col", f"{first} has the same alt_row and alt_col", "Correct one of the two.")


def cities_lie_in_their_province(data: Data) -> Iterator[Problem]:
    """What a city does stands under its province, or under the whole country."""
    listed = {text["name_en"]: text["region"] for text in data.table("cities").text.values()}
    for name in ("ai_firms_by_region", "funds", "instruments"):
        table = data.table(name)
        for key, text in table.text.items():
            region = listed.get(text["city"].partition(" (")[0], text["region"])
            if text["region"] not in {region, "CN"}:
                yield table.problem(
                    key, "region", f"{text['city']} lies in {region}", "Correct the region, or the city."
                )


def claims_rest_on_rows(data: Data) -> Iterator[Problem]:
    """The evidence of a claim names rows that exist, as ``table[row];table[row]``."""
    claims = data.table("claims")
    for key, text in claims.text.items():
        for item in filter(None, text["evidence"].split(";")):
            found = _ROW.fullmatch(item)
            if found and found["table"] in data.tables and found["row"] in data.table(found["table"]).text:
                continue
            rule = "names no row of a table" if found else "is not of the form table[row]"
            advice = "Name rows that exist as table[row], with semicolons between them and nothing else."
            yield claims.problem(key, "evidence", rule, advice, item)


def corrections_hold(data: Data) -> Iterator[Problem]:
    """What a correction says is what the table holds: the new value, a row that was added, or none that was removed.

    The edition that still printed the old value is one that was kept.
    """
    corrections = data.table("corrections")
    kept = {text["edition"] for text in data.table("editions").text.values()}
    for key, text in corrections.text.items():
        corrected = data.tables.get(text["table"])
        if corrected is None:
            advice = "Name a table of datapackage.json."
            yield corrections.problem(key, "table", "is no table", advice)
            continue
        row, cell = corrected.text.get(text["row_id"]), f"{text['table']}[{text['row_id']}].{text['column']}"
        if text["column"] == WHOLE_ROW:
            if text["new_value"] != ("removed" if row is None else "added"):
                rule = f"{text['table']}[{text['row_id']}] is {'not ' if row is None else ''}there"
                advice = "Say added of a row that is there, removed of one that is not; or restore the table."
                yield corrections.problem(key, "new_value", rule, advice)
        elif row is None or text["column"] not in row:
            advice = "Name the cell that was corrected; of a row that is gone say removed, and take this away."
            yield corrections.problem(key, "row_id", f"{cell} does not exist", advice)
        elif row[text["column"]] != text["new_value"]:
            rule = f"{cell} is {row[text['column']]!r}"
            advice = "Correct the cell, or give its value here; a cell that was corrected twice keeps the last value."
            yield corrections.problem(key, "new_value", rule, advice)
        elif text["old_value"] == text["new_value"]:
            rule = "the old value is the new one, so that nothing was corrected"
            yield corrections.problem(
                key, "old_value", rule, "Give the value that stood there before, or take the row away."
            )
        if text["after"] and text["after"] not in kept:
            rule = f"is no edition that was kept; those are {', '.join(sorted(kept))}"
            yield corrections.problem(key, "after", rule, "Name the edition that printed the old value.")


def _stands(data: Data, table: str, kind: str, name: str) -> bool:
    """Say whether a table, or a column or row of one, is there."""
    if table not in data.tables or kind == "table":
        return name in data.tables
    found = data.table(table)
    return name in found.text if kind == "row" else name in {field.name for field in found.schema.fields}


def changed_names_lead_on(data: Data) -> Iterator[Problem]:
    """What an edition printed is there, or an alias, of a name that is gone, says where its content stands now."""
    aliases, editions = data.table("aliases"), data.table("editions")
    gone = set()
    for row, text in aliases.text.items():
        gone.add((text["table"], text["kind"], text["old"]))
        if _stands(data, text["table"], text["kind"], text["old"]):
            rule = f"is a {text['kind']} of {text['table']} still"
            yield aliases.problem(
                row, "old", rule, "Take this row away; or restore the new name, since ids are never reused."
            )
        found = _CELL.fullmatch(text["now"])
        names = [(kind, found[kind]) for kind in ("row", "column") if found and found[kind]]
        if text["now"] and not (found and all(_stands(data, found["table"], *one) for one in names)):
            advice = "Name what holds the content now, as table[row].column or table.column; or leave the cell empty."
            yield aliases.problem(row, "now", "names nothing that is there", advice)
    for row, text in editions.text.items():
        found = _CELL.fullmatch(text["ref"])
        if not found or not found["row"]:
            continue  # a result, which is computed
        table = found["table"]
        names = [("table", table), *((kind, found[kind]) for kind in ("row", "column"))]
        if not all(_stands(data, table, *one) or (table, *one) in gone for one in names):
            rule = "an edition printed it, and it is no longer there"
            advice = f"Restore its name, or say in {aliases.schema.path} where its content stands now."
            yield editions.problem(row, "ref", rule, advice)


def pages_are_not_older_than_what_they_tell(data: Data) -> Iterator[Problem]:
    """What was observed stands on a page that is not older; of a page without a date nothing is known."""
    sources = data.table("sources").text
    for table in (one for one in data.tables.values() if one.schema.observed):
        column = str(table.schema.observed)
        for row, text in table.text.items():
            days = [sources[key]["published"] for key in table.schema.source_keys(text)]
            if not text[column] or not days or not all(days):
                continue
            latest = max(days)
            shorter = min(len(latest), len(text[column]))
            if latest[:shorter] < text[column][:shorter]:
                rule = f"the latest page of the row is of {latest}, older than what it tells"
                yield table.problem(
                    row, column, rule, "Cite a page that was written later, or correct one of the dates."
                )


def searches_find_what_was_there(data: Data) -> Iterator[Problem]:
    """What a search came upon was published by the day of the look."""
    searches, sources = data.table("searches"), data.table("sources").text
    for row, text in searches.text.items():
        for key in filter(None, text["source_keys"].split(";")):
            if (day := sources[key]["published"]) > text["looked_on"]:
                rule = f"{key}, which it came upon, is of {day}"
                yield searches.problem(
                    row, "looked_on", rule, "Look again and give that day, or correct one of the dates."
                )


LEVELS = {"national": 0, "bank": 0, "provincial": 1, "municipal": 2, "district": 3}
"""Levels of funds, the highest first."""


def funds_are_of_their_level(data: Data) -> Iterator[Problem]:
    """A fund lies in none of a lower level and, if it is local, in a province; none is a partner of itself."""
    funds, partners = data.table("funds"), data.table("fund_partners")
    for fund, text in funds.text.items():
        if (parent := text["parent_id"]) and LEVELS[text["level"]] < LEVELS[funds.text[parent]["level"]]:
            rule = f"{fund} is {text['level']}, and {parent} is {funds.text[parent]['level']}"
            yield funds.problem(fund, "parent_id", rule, "Name what contains it, or correct one of the levels.")
        if LEVELS[text["level"]] and text["region"] == "CN":
            rule = f"a {text['level']} fund has a province, and CN is the whole country"
            yield funds.problem(fund, "region", rule, "Give the code of the province, or correct the level.")
    for row, text in partners.text.items():
        if text["partner_fund_id"] == text["fund_id"]:
            advice = "Name the fund that is the partner, or leave the cell empty."
            yield partners.problem(row, "partner_fund_id", f"{text['fund_id']} is no partner of itself", advice)


NAMED_PLACES = {
    "funds": ("name", "name_zh", "legal_name_zh"),
    "fund_rules": ("issuer",),
    "patience_clauses": ("issuer",),
}
"""Columns with names that open with the place, by table; what is of the whole country may be named after its seat."""


def places_are_where_their_names_say(data: Data) -> Iterator[Problem]:
    """What is named after a province stands under it, or under the whole country; each code is that of its province."""
    codes, cities = data.table("province_codes").text, data.table("cities")
    for city, text in cities.text.items():
        if (number := codes[text["region"]]["gb_code"])[:2] != city[:2]:
            rule = f"codes of {text['region']} begin with {number[:2]}"
            yield cities.problem(
                city, "region", rule, "Correct the region, or the code of the city or of the province."
            )
    provinces = [(code, text["name_en"], text["name_zh"]) for code, text in codes.items() if text["gb_code"]]
    for name, columns in NAMED_PLACES.items():
        table = data.table(name)
        for row, text in table.text.items():
            for column in columns:
                of = next((code for code, *names in provinces if text[column].startswith(tuple(names))), "CN")
                if text["region"] not in {of, "CN"} and of != "CN":
                    rule = f"{column} is {text[column]!r}, of {of}"
                    yield table.problem(row, "region", rule, "Correct the region, or the name.")
                    break


def instruments_are_of_their_fund(data: Data) -> Iterator[Problem]:
    """What a place did through a fund stands under the province of the fund, where both have one."""
    instruments, funds = data.table("instruments"), data.table("funds").text
    for row, text in instruments.text.items():
        region = funds[text["fund_id"]]["region"] if text["fund_id"] else "CN"
        if "CN" not in {region, text["region"]} and region != text["region"]:
            rule = f"{text['fund_id']} is of {region}, and the row of {text['region']}"
            yield instruments.problem(row, "fund_id", rule, "Name the fund of the place, or correct the region.")


PRECISION = {"day": 10, "month": 7, "year": 4}
"""Characters of a date, by what an exchange rate is of."""


def rates_are_of_their_period(data: Data) -> Iterator[Problem]:
    """The rate of a day, month or year names that, and no more or less."""
    rates = data.table("fx")
    for row, text in rates.text.items():
        if len(text["period"]) != PRECISION.get(text["period_type"], len(text["period"])):
            rule = f"{text['period']} is no {text['period_type']}"
            yield rates.problem(row, "period_type", rule, "Say what the rate is of, or correct the period.")


IN_BILLIONS = {"万亿": 1000, "萬億": 1000, "亿": 0.1, "億": 0.1, "trillion": 1000, "billion": 1, "bn": 1}
"""What the words of a page for large amounts are in billions, the longer first."""

_AMOUNT = re.compile(rf"(\d[\d,]*(?:\.\d+)?)\s*({'|'.join(IN_BILLIONS)})(?![a-z])")
SAME_DIGITS = 0.005
"""Relative gap up to which two amounts have the same digits, as a page rounds them."""


def amounts_are_those_of_the_page(data: Data) -> Iterator[Problem]:
    """Where a page has the digits of an amount with a word for its size, this is the size: 亿 is a tenth of a billion."""
    evidence = data.table("evidence")
    for key, text in evidence.text.items():
        if text["agrees"] != "true" or absent(data, text):
            continue
        table = data.table(text["table"])
        field, row = table.schema.field(text["column"]), table.text[text["row_id"]]
        unit = row[field.unit_column] if field.unit_column else field.unit
        if unit != "cny_bn" or not (told := float(row[field.name])):
            continue
        ratios = [
            float(number.replace(",", "")) * IN_BILLIONS[size] / told
            for number, size in _AMOUNT.findall(text["stated"])
        ]
        tens = [round(log10(one)) for one in ratios if one > 0 and abs(one / 10 ** round(log10(one)) - 1) < SAME_DIGITS]
        if tens and 0 not in tens:
            rule = f"{key} of evidence.csv quotes {text['stated'][:60]!r}, {10.0 ** tens[0]:g} times the cell"
            advice = "Correct the amount: 10亿 is one billion, 万亿 a thousand; or correct the words of the page."
            yield table.problem(text["row_id"], field.name, rule, advice)


PANELS = {"outcomes": ("indicator",), "provinces": ("indicator", "iso_code")}
"""Tables of yearly statistics, and the columns that make a series of them."""

LEAP = 1000
"""Times the middle of its series that no yearly statistic reaches; a unit mistaken in 万 or 亿 is ten times as much."""


def statistics_do_not_leap(data: Data) -> Iterator[Problem]:
    """A yearly statistic is of the size of its series."""
    for name, columns in PANELS.items():
        table, series = data.table(name), defaultdict[tuple[str, ...], list[tuple[str, float]]](list)
        for row, text in table.text.items():
            if text["value"] and float(text["value"]):
                series[tuple(text[one] for one in columns)].append((row, abs(float(text["value"]))))
        for rows in series.values():
            middle = median(value for _, value in rows)
            for row, value in rows:
                if not middle / LEAP < value < middle * LEAP:
                    rule = f"is {value / middle:g} times the middle of its series ({middle:g})"
                    yield table.problem(
                        row, "value", rule, "Check the unit: 万 and 亿 are ten thousand and a hundred million."
                    )


PARTS = {
    "gdp_secondary_cny_bn": "gdp_cny_bn",
    "gdp_tertiary_cny_bn": "gdp_cny_bn",
    "invention_patents_granted": "patents_granted_total",
    "budget_expenditure_science_tech_cny_bn": "general_public_budget_expenditure_cny_bn",
    "high_tech_manufacturing_profit_cny_bn": "high_tech_manufacturing_revenue_cny_bn",
}
"""Yearly statistics of a place that are a part of another one."""

SHARES = {
    "rd_intensity_pct": ("rd_expenditure_cny_bn", "gdp_cny_bn", 100),
    "gdp_per_capita_cny": ("gdp_cny_bn", "population_mean_m", 1000),
}
"""Yearly statistics of a place that are one over another, so many times."""

REVISED = 1.5
"""Times by which such a share may differ from what the two give: output and people of a province are counted anew."""


def statistics_fit_together(data: Data) -> Iterator[Problem]:
    """A part is no larger than its whole, and a share is about what its two statistics give, of one place and year."""
    table, places = data.table("provinces"), defaultdict[tuple[str, str], dict[str, str]](dict)
    for row, text in table.text.items():
        if text["value"]:
            places[text["iso_code"], text["year"]][text["indicator"]] = row
    for rows in places.values():
        values = {name: float(table.text[row]["value"]) for name, row in rows.items()}
        for part, whole in PARTS.items():
            if values.get(part, 0) > values.get(whole, inf):
                rule = f"is more than {whole}, of which it is a part: {values[whole]:g}"
                yield table.problem(rows[part], "value", rule, "Correct one of the two, or its unit.")
        for share, (part, whole, times) in SHARES.items():
            if share in values and part in values and values.get(whole):
                given = times * values[part] / values[whole]
                if not given / REVISED <= values[share] <= given * REVISED:
                    rule = f"{part} over {whole} give {given:.4g}"
                    yield table.problem(rows[share], "value", rule, "Correct one of the three, or its unit.")


def sessions_are_told_alike(data: Data) -> Iterator[Problem]:
    """A session lasts from its first to its last day, and what the votes say of it is what its own row says."""
    sessions, votes = data.table("session_stats"), data.table("votes")
    for row, text in sessions.text.items():
        first, last, told = text["open_date"], text["close_date"], text["session_length_days"]
        if len(first) == len(last) == PRECISION["day"] and told:
            days = (date.fromisoformat(last) - date.fromisoformat(first)).days + 1
            if int(told) != days:
                rule = f"{first} to {last} are {days} days, both ends counted"
                yield sessions.problem(row, "session_length_days", rule, "Correct the length, or one of the days.")
    years = {text["year"]: text for text in sessions.text.values()}
    for row, text in votes.text.items():
        for column in ("session_length_days", "premier_press_conference"):
            told = years.get(text["year"], {}).get(column, "")
            if text[column] and told and text[column] != told:
                rule = f"{sessions.schema.path} has {told} of {text['year']}"
                yield votes.problem(row, column, rule, "Correct the one that is wrong; both must agree.")


def targets_are_in_the_unit_of_their_outcome(data: Data) -> Iterator[Problem]:
    """What was aimed at and what came of it are told in one unit."""
    targets, outcomes = data.table("targets"), data.table("outcomes")
    units = {text["indicator"]: text["unit"] for text in outcomes.text.values()}
    for row, text in targets.text.items():
        if (unit := units.get(text["indicator"], text["unit"])) != text["unit"]:
            rule = f"{outcomes.schema.path} tells {text['indicator']} in {unit}"
            yield targets.problem(row, "unit", rule, "Give both in one unit.")


TRACKING = re.compile(r"(?:utm_\w+|fbclid|gclid)=[^&]*&?")
"""Parts of an address that tell where a reader came from, and name no page."""


def what_is_awaited_is_to_come(data: Data) -> Iterator[Problem]:
    """What would change a finding is not expected before the day of the edition."""
    awaited, edition = data.table("watch"), data.package.edition
    for row, text in awaited.text.items():
        if (day := text["expected_on"]) and day < edition[: len(day)]:
            advice = "Say what came in state, and give the day of what comes next, or leave the cell empty."
            yield awaited.problem(row, "expected_on", f"lies before the edition of {edition}", advice)


def _page_of(address: str) -> str:
    """Return what an address names, whatever its capitals, scheme, ``www`` before its host and marks of who followed it."""
    parts = urlsplit(address.lower())
    named = TRACKING.sub("", parts.query).rstrip("&")
    query = f"?{named}" if named else ""
    return re.sub(r"^(www|m)\.", "", parts.netloc) + parts.path.rstrip("/") + query


def one_page_has_one_key(data: Data) -> Iterator[Problem]:
    """No two sources are one page."""
    sources, seen = data.table("sources"), dict[str, str]()
    for key, text in sources.text.items():
        if text["url"] and (first := seen.setdefault(_page_of(text["url"]), key)) != key:
            yield sources.problem(
                key, "url", f"is the page of {first}", f"Cite {first} in its place, and take the row away."
            )


RULES = (
    amounts_are_those_of_the_page,
    changed_names_lead_on,
    cities_lie_in_their_province,
    claims_rest_on_rows,
    corrections_hold,
    dollars_are_dollars,
    firms_act_once_founded,
    funds_are_of_their_level,
    instruments_are_of_their_fund,
    one_page_has_one_key,
    pages_are_not_older_than_what_they_tell,
    places_are_where_their_names_say,
    pledges_say_when,
    stakes_are_shares,
    tiles_make_a_map,
    calls_are_decided_in_time,
    clauses_agree,
    countable_funds_lie_in_no_other,
    evidence_proves_a_cell,
    listings_say_in_what,
    searches_are_due_later,
    pages_without_publisher_say_what_they_are,
    partners_add_up,
    rates_are_of_their_period,
    searches_find_what_was_there,
    publishers_are_names,
    rivals_differ,
    rows_are_of_their_latest_page,
    same_values_agree,
    self_published_pages_are_told,
    sessions_are_told_alike,
    stages_do_not_exceed,
    statistics_do_not_leap,
    statistics_fit_together,
    targets_are_in_the_unit_of_their_outcome,
    what_is_awaited_is_to_come,
)


def check_substance(data: Data) -> Data:
    """Return `data` if every rule holds.

    Raises
    ------
    DataError
        If any rule is broken; all places are named at once.
    """
    problems: list[Problem] = []
    for rule in RULES:
        try:
            problems += rule(data)
        except (KeyError, ValueError) as error:  # of a table, column or value that the contract has and the rule not
            told = f"is unknown to the rule: {(rule.__doc__ or '').partition(chr(10))[0].rstrip('.')}"
            advice = "Correct the cell, or restore the contract; or teach tables/rules.py what is new."
            problems.append(Problem(CONTRACT, None, None, one_line(error), told, advice))
    if problems:
        raise DataError(problems)
    return data


_READING = Lock()


@cache
def _book_data() -> Data:
    if not (DATA_FOLDER / "datapackage.json").is_file():
        raise FileNotFoundError(
            f"the tables of the book are not in {DATA_FOLDER}: install the package unpacked, as pip does, or restore them"
        )
    return check_substance(load(DATA_FOLDER))


def book_data() -> Data:
    """Return the book's own data, read and checked once a process, whichever thread asks first."""
    with _READING:
        return _book_data()
