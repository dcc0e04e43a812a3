/* The search: every passage of the book is looked through at each key. Loaded with the first key, and its index with it.
   `pcSearch.find(query)` is the whole of it without the page; the tests ask it too. */
(() => {
  "use strict";
  const ROOT = new URL("..", document.currentScript.src);
  const FEW = 8, SHOWN = 12, MOST = 100, LONGEST = 230;
  const KINDS = { term: 1.25, page: 1, section: 1, text: 1, figure: 1, row: .9, function: .5 };
  const LABELS = { row: "Table", figure: "Figure", term: "Term", function: "Function" };
  const SMALL = new Set("a an and are at by did do does for from how in is it of on or the to was what when where which who why with".split(" "));

  /* --- The index --------------------------------------------------------------------------------------------------- */
  const passages = [], names = [], words = new Set(), joined = new Map(), waiting = {};
  // How many rows of a table have the same first cell: one of many is not what a name stands for.
  const alike = {}, subjectOf = (one) => `${one.head} ${one.low.split(/ · |: /, 1)[0]}`;
  const isChinese = (text) => /[\u3400-\u9fff]/.test(text);
  // Letters as they are compared; the length stays, so that what is found can be marked.
  const fold = (text) => text.toLowerCase().replace(/[\u2018\u2019]/g, "'").replace(/[\u201c\u201d]/g, '"')
    .replace(/[\u2010-\u2014\u2212]/g, "-").replace(/[\u00c0-\u024f]/g, (letter) => letter.normalize("NFD")[0]);

  async function unpacked(packed) {
    const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
    return JSON.parse(await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).text());
  }
  async function take(file, packed) {
    const told = await unpacked(packed), before = passages.length;
    for (const [address, title, weight, groups] of told.pages) {
      for (const [kind, head, shared, listed] of groups) {
        for (const [rest, text] of listed) {
          passages.push({ address, title, weight, kind, head, anchor: shared + rest, text,
                          low: fold(text), context: fold(head), lowTitle: fold(title) });
        }
      }
    }
    for (const one of passages.slice(before)) {
      for (const word of one.low.match(/[a-z][a-z']{2,}/g) ?? []) words.add(word);
      for (const word of one.low.match(/[a-z]+(?:-[a-z]+)+/g) ?? []) joined.set(word.replaceAll("-", ""), word);
      alike[subjectOf(one)] = (alike[subjectOf(one)] ?? 0) + 1;
    }
    for (const [chinese, ...printed] of told.names) names.push([chinese, printed.map(fold)]);
    waiting[file].done();
  }
  /* A script, not a fetch: a page that was opened from disk may load nothing else. */
  function load(file) {
    if (!waiting[file]) {
      const one = waiting[file] = {};
      one.ready = new Promise((done, failed) => { Object.assign(one, { done, failed }); });
      const script = document.createElement("script");
      script.src = new URL(`_static/${file}`, ROOT);
      script.onerror = one.failed;
      document.head.append(script);
    }
    return waiting[file].ready;
  }

  /* --- What is asked ----------------------------------------------------------------------------------------------- */
  const isLetter = (letter) => letter !== undefined && /[a-z0-9\u00df-\u024f]/.test(letter);

  /* Whether one change makes one word of the other: a letter more, less, another, or two exchanged. */
  function near(a, b) {
    if (Math.abs(a.length - b.length) > 1 || a === b) return false;
    let at = 0;
    while (a[at] === b[at]) at += 1;
    const [left, right] = [a.slice(at), b.slice(at)];
    return left.slice(1) === right || left === right.slice(1) || left.slice(1) === right.slice(1)
      || (left[0] === right[1] && left[1] === right[0] && left.slice(2) === right.slice(2));
  }

  /* How well a passage holds a form of a word: 1 whole, .6 as a beginning, .25 inside another; where, and how often. */
  function hits(low, form) {
    const found = { best: 0, places: [] };
    for (let at = low.indexOf(form); at >= 0; at = low.indexOf(form, at + form.length)) {
      const end = at + form.length;
      let quality = 1;
      if (!isChinese(form)) {
        const plural = /^e?s(?![a-z0-9])/.test(low.slice(end, end + 3));
        // A number that ends another is another.
        if (/\d/.test(form[0]) && /[\d.,]/.test(low[at - 1] ?? " ")) quality = 0;
        else if (isLetter(low[at - 1])) quality = form.length > 3 ? .25 : 0;
        else if ((isLetter(low[end]) && !plural) || /^\d{4}-\d\d-\d/.test(form + low.slice(end, end + 2))) quality = .6;
      }
      if (quality) found.places.push([at, end]);
      found.best = Math.max(found.best, quality);
    }
    return found;
  }

  /* --- Forms: what else says the same ------------------------------------------------------------------------------- */
  const MONTHS = "january february march april may june july august september october november december".split(" ");
  const MONTH = `(${MONTHS.join("|")})`;
  const DATES = [
    [new RegExp(`(\\d{1,2}) ${MONTH},? (\\d{4})`), ([, day, month, year]) => [year, MONTHS.indexOf(month) + 1, day]],
    [new RegExp(`${MONTH} (\\d{1,2}),? (\\d{4})`), ([, month, day, year]) => [year, MONTHS.indexOf(month) + 1, day]],
    [new RegExp(`${MONTH},? (\\d{4})`), ([, month, year]) => [year, MONTHS.indexOf(month) + 1]],
    [/(\d{4})-(\d{1,2})(?:-(\d{1,2}))?/, ([, ...parts]) => parts],
    [/(\d{4})\u5e74(\d{1,2})\u6708(?:(\d{1,2})\u65e5)?/, ([, ...parts]) => parts],
  ];
  /* A day or a month, as text and as tables write it. */
  function dates([year, month, day]) {
    const two = (number) => String(Number(number)).padStart(2, "0"), name = MONTHS[month - 1];
    if (!name) return [];
    return day ? [`${Number(day)} ${name} ${year}`, `${year}-${two(month)}-${two(day)}`, `${year}\u5e74${Number(month)}\u6708${Number(day)}\u65e5`]
      : [`${name} ${year}`, `${year}-${two(month)}`, `${year}\u5e74${Number(month)}\u6708`];
  }

  // In billions; a number with one of them is the same number with another.
  const SCALES = { trillion: 1000, tn: 1000, billion: 1, bn: 1, "\u4e07\u4ebf": 1000, "\u5343\u4ebf": 100, "\u767e\u4ebf": 10, "\u4ebf": .1 };
  const DIGITS = " \u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d";
  const AMOUNT = new RegExp(`(\\d[\\d,.]*|[${DIGITS.trim()}]|\\b(?:a|one)\\b|(?=\u5343\u4ebf))\\s*(${Object.keys(SCALES).join("|")})(?![a-z])`);
  function amounts([, number, scale]) {
    const count = DIGITS.includes(number) && number ? DIGITS.indexOf(number) : Number(number.replaceAll(",", "").replace(/^(a|one)?$/, "1"));
    const billions = count * SCALES[scale];
    const plain = (value) => [...new Set([value.toLocaleString("en", { maximumFractionDigits: 4 }), String(Number(value.toFixed(4)))])];
    return [
      ...plain(billions).flatMap((value) => [`${value}bn`, `${value} billion`]), ...plain(billions * 10).map((value) => `${value}\u4ebf`),
      ...(billions < 100 ? [] : plain(billions / 1000).flatMap((value) => [`${value}tn`, `${value} trillion`, `${value}\u4e07\u4ebf`])),
      ...(billions === 1000 ? ["a trillion", "one trillion"] : []),
    ];
  }

  /* What letters stand for: words of a name or a term, one after the other, that begin with them. */
  function spelled(word) {
    const letters = word.replaceAll("&", "");
    if (!/^[a-z]{1,3}&?[a-z]{1,3}$/.test(word) || letters.length < 2) return [];
    const terms = passages.filter(({ kind }) => kind === "term").map(({ context }) => context);
    const link = word.includes("&") ? "[a-z]{2,}[\\s-]+(?:and|&)[\\s-]+" : "[a-z]{2,}[\\s-]+(?:of[\\s-]+)?";
    const form = new RegExp(`(?<![a-z])${[...letters].join(link)}[a-z]{2,}`);
    return [...new Set([...names.flatMap(([, printed]) => printed), ...terms].map((name) => name.match(form)?.[0]).filter(Boolean))];
  }

  /* A word as others write it: as one or as many, with a hyphen, a space or neither, in letters or in full. */
  function otherwise(word) {
    const told = [];
    if (/[^s]s$/.test(word) && word.length > 4) {
      told.push(word.slice(0, -1));
      if (word.endsWith("ies")) told.push(`${word.slice(0, -3)}y`);
      if (word.endsWith("es")) told.push(word.slice(0, -2));
    }
    if (/[a-z]{3}y$/.test(word)) told.push(`${word.slice(0, -1)}ies`);
    if (/^[a-z0-9]+(-[a-z]+)+$/.test(word)) told.push(word.replaceAll("-", " "), word.replaceAll("-", ""));
    for (const one of [word, ...told]) if (joined.has(one)) told.push(joined.get(one));
    return [...new Set([...told, ...spelled(word)])].filter((form) => form !== word);
  }

  const SHARE = /(\d[\d,.]*)\s*(?:%|per ?cent\b)/, shares = ([, number]) => [`${number} percent`, `${number}%`];

  /* Takes dates, shares and amounts out of a query, which are several words each, and returns them with their forms. */
  function measures(query) {
    const parts = [];
    let rest = query.replace(/"[^"]*"/g, (quoted) => quoted.replaceAll(" ", "\u0000"));
    for (const [pattern, read] of [...DATES.map(([one, of]) => [one, (match) => dates(of(match))]), [SHARE, shares], [AMOUNT, amounts]]) {
      const found = rest.match(pattern), forms = found ? read(found) : [];
      if (!forms.length) continue;
      const word = found[0].trim();
      rest = rest.replace(found[0], " ");
      // A month begins the date of many rows that are about other things: who writes of the month says more.
      const isMonth = forms.some((form) => /^\d{4}-\d\d$/.test(form)), worth = isMonth ? .6 : .95;
      parts.push({ word, isMonth, forms: [[word, 1], ...forms.filter((form) => form !== word).map((form) => [form, worth])] });
    }
    return [parts, rest.replaceAll("\u0000", " ")];
  }

  /* The words of a query, each with its forms and what a form is worth; `instead` says what is looked for in place of a word
     that nobody wrote. */
  function asked(typed) {
    // Letters of full width, spaces around an ampersand and the s of a genitive change nothing.
    const query = fold(typed.normalize("NFKC")).replace(/\b([a-z]{1,2})\s*&\s*([a-z]{1,2})\b/g, "$1&$2").replace(/([a-z])'s?(?![a-z])/g, "$1"), told = [];
    const whole = query.replaceAll('"', "").trim();
    // Who asks for a name asks for all that stand for it.
    const same = names.filter(([, printed]) => printed.includes(whole)).flatMap(([chinese, printed]) => [...printed, chinese]);
    if (same.length) return [{ word: whole, forms: [[whole, 1], ...same.filter((name) => name && name !== whole).map((name) => [name, .95])] }];
    const [measured, rest] = measures(query);
    for (const [found, quoted] of rest.matchAll(/"([^"]+)"|[\u3400-\u9fff]+|[^\s"\u3400-\u9fff]+/g)) {
      const word = quoted ?? (isChinese(found) ? found : found.replace(/^[^\p{L}\d]+|[^\p{L}\d%]+$/gu, ""));
      if (word) told.push({ word, quoted: Boolean(quoted) });
    }
    // A space too many: two words that nobody wrote beside one another, and that are one together.
    for (let at = told.length - 2; at >= 0; at -= 1) {
      const [one, next] = [told[at].word, told[at + 1].word];
      if (!words.has(one + next) || passages.some(({ low }) => low.includes(`${one} ${next}`))) continue;
      told.splice(at, 2, { word: one + next, quoted: false });
    }
    const large = told.filter((one) => one.quoted || !SMALL.has(one.word));
    const kept = large.length || measured.length ? large : told;
    return [...measured, ...kept.flatMap(({ word, quoted }) => {
      const holds = (form) => passages.some((one) => hits(one.low, form).best >= .6);
      const forms = [[word, 1]];
      const inPieces = (pieces) => pieces.flatMap((part, at) => asked(part).map((one) => (at ? one : { ...one, instead: { word, by: pieces } })));
      if (isChinese(word)) {
        for (const [chinese, printed] of names) {
          if (chinese === word || (word.length > 1 && chinese.includes(word))) for (const name of printed) forms.push([name, chinese === word ? .95 : .7]);
        }
        // What nobody wrote in one piece is looked for in pieces: by the names in it, or two signs at a time.
        if (word.length > 2 && !forms.some(([form]) => holds(form))) {
          const inside = [...new Set(names.map(([chinese]) => chinese))].filter((chinese) => chinese.length > 1 && word.includes(chinese));
          const left = inside.reduce((before, chinese) => before.replaceAll(chinese, " "), word);
          const pairs = left.split(" ").flatMap((part) => [...part].slice(1).map((sign, at) => part[at] + sign));
          const pieces = [...inside, ...pairs].filter((part) => names.some(([chinese]) => chinese === part) || holds(part));
          return inPieces(pieces);
        }
      } else if (!quoted) {
        forms.push(...otherwise(word).map((form) => [form, .9]));
        // Words that nobody joined are looked for one by one; of a short one before a hyphen only the rest says something.
        if (/^[a-z]+(-[a-z]+)+$/.test(word) && !forms.some(([form]) => holds(form))) {
          const known = word.split("-").filter(holds), telling = known.filter((part) => part.length > 4);
          if (known.length) return inPieces(telling.length ? telling : known);
        }
        if (word.length > 3 && /^[a-z']+$/.test(word) && !forms.some(([form]) => holds(form))) {
          let close = [...words].filter((other) => near(word, other));
          // A space may be missing.
          const cut = [...word].findIndex((_, at) => at > 1 && words.has(word.slice(0, at)) && words.has(word.slice(at)));
          if (cut > 0) close.push(`${word.slice(0, cut)} ${word.slice(cut)}`);
          // The word may not be finished.
          if (!close.length && word.length > 4) close = [...words].filter((other) => other.length > word.length && near(word, other.slice(0, word.length)));
          const instead = close.length ? { word, by: close } : undefined;
          // Where one word alone is meant, it is as if it had been typed.
          if (close.length === 1 && query !== close[0]) return asked(close[0]).map((one) => ({ ...one, instead }));
          return [{ word, forms: [...forms, ...close.map((other) => [other, .7])], instead }];
        }
      }
      return [{ word, forms }];
    })];
  }

  /* --- What is found ----------------------------------------------------------------------------------------------- */
  const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

  /* All words of a query next to one another, in their order; small words may stand between. */
  function phrase(parts) {
    if (parts.length < 2) return null;
    const forms = parts.map((part) => `(?:${part.forms.map(([form]) => escaped(form)).join("|")})`);
    return new RegExp(forms.join("[a-z']*[\\s\\-,/]+(?:(?:of|the|for|and|in|to|a)\\s+)?"));
  }

  /* The best form of a word in a text, with its places. */
  function best(part, low) {
    let top = { worth: 0, places: [] };
    for (const [form, worth] of part.forms) {
      const found = hits(low, form);
      if (found.best * worth > top.worth) top = { worth: found.best * worth, places: found.places };
    }
    return top;
  }

  function judged(one, parts, texts, together, rare) {
    let points = 0, held = 0, own = 0;
    const places = [];
    parts.forEach((part, at) => {
      const text = texts[at];
      const around = text.worth ? text.worth : Math.max(.3 * best(part, one.context).worth, .15 * best(part, one.lowTitle).worth);
      if (!around) return;
      held += rare[at];
      own += text.worth > 0;
      points += rare[at] * (10 * around + .7 * Math.min(3, Math.max(0, text.places.length - 1)));
      if (part.isMonth && text.worth === 1) points += 8;
      places.push(...text.places);
    });
    if (!own) return null;
    // What a row, term, figure or section is about stands first in it; the title of a figure says more than its labels.
    const [first] = one.low.split(/ · |: /, 1), plain = first.replace(/[\s(]*[\u3400-\u9fff]+\)?/g, "");
    const start = Math.min(...places.map(([at]) => at));
    if (together?.test(one.low)) points += 20;
    else if (together?.test(one.context)) points += 4;
    if (start === 0 && own === parts.length && texts.every((text) => text.worth >= .5)) points += one.kind === "text" ? 2 : 8;
    // A term may have several names.
    const subjects = one.kind === "term" ? plain.split(", ") : [plain];
    const isSubject = ([form, worth]) => worth > .9 && (form === first || subjects.includes(form));
    if (together ? subjects.some((name) => name.replace(together, "") === "") : parts[0].forms.some(isSubject)) points += 12 / (alike[subjectOf(one)] ?? 1);
    const isNamed = ([form, worth]) => worth >= .9 && hits(first, form).best > .6;
    if (one.kind === "term" && (together ? together.test(first) : parts[0].forms.some(isNamed))) points += 12;
    if (one.kind === "figure" && start >= one.head.length) points *= .8;
    points += 8 * Math.min(1, 80 / one.text.length);
    places.sort((a, b) => a[0] - b[0]);
    return { passage: one, points: points * KINDS[one.kind] * one.weight, held, places };
  }

  function find(query) {
    const parts = asked(query);
    if (!parts.length) return { results: [], instead: [], missing: [], apart: false, words: [] };
    const together = phrase(parts);
    const texts = parts.map((part) => passages.map((one) => best(part, one.low)));
    const rare = texts.map((all) => {
      const count = all.filter((text) => text.worth).length;
      return count ? Math.min(2, .4 + Math.log(passages.length / count) / 5) : 1;
    });
    const found = passages.map((one, at) => judged(one, parts, texts.map((all) => all[at]), together, rare)).filter(Boolean);
    const most = Math.max(0, ...found.map((one) => one.held));
    // Where a passage holds all that is asked, those which hold less are left out.
    const kept = found.filter((one) => one.held >= most - 1e-9).sort((a, b) => b.points - a.points);
    // A page that has said much already waits for the others.
    const said = {};
    for (const one of kept) {
      const place = `${one.passage.address} ${one.passage.kind} ${one.passage.kind === "row" ? one.passage.head : ""}`;
      said[place] = (said[place] ?? 0) + 1;
      one.points *= .93 ** Math.min(12, said[place] - 1);
    }
    const forms = parts.flatMap((part) => part.forms.map(([form]) => form));
    const missing = parts.filter((_, at) => !texts[at].some((text) => text.worth)).map((part) => part.word);
    const all = rare.reduce((sum, one, at) => sum + (missing.includes(parts[at].word) ? 0 : one), 0);
    return { results: kept.sort((a, b) => b.points - a.points), instead: parts.map((part) => part.instead).filter(Boolean), missing,
             apart: found.length > 0 && most < all - 1e-9, words: [...new Set(forms)] };
  }

  const addressOf = (passage, forms) =>
    `${passage.address}?found=${encodeURIComponent(forms.filter((form) => passage.low.includes(form)).join("|"))}`
    + (passage.anchor ? `#${encodeURIComponent(passage.anchor)}` : "");

  /* Searches the chapters, and the records and functions too where they say little. */
  async function answer(query) {
    await load("pc-search-index.js");
    let told = find(query);
    if (told.results.length < FEW) {
      await load("pc-search-later.js");
      told = find(query);
    }
    return told;
  }

  window.pcSearch = { take, load, find, answer, addressOf };

  /* --- What is shown ----------------------------------------------------------------------------------------------- */
  function make(tag, name, text) {
    const node = document.createElement(tag);
    if (name) node.className = name;
    if (text) node.textContent = text;
    return node;
  }

  /* The sentence with the first of what was found, or a part of it; marked. */
  function excerpt({ passage, places }) {
    const text = passage.text, first = places[0] ?? [0, 0];
    let from = 0, to = text.length;
    if (to > LONGEST) {
      const before = Math.max(text.lastIndexOf(". ", first[0]) + 1, 0);
      from = first[0] - before < LONGEST / 2 ? before : text.lastIndexOf(" ", first[0] - LONGEST / 3) + 1;
      if (to - from > LONGEST) to = text.lastIndexOf(" ", from + LONGEST);
      if (to < first[1]) to = first[1];
    }
    from += text.slice(from).match(/^[\s·]*/)[0].length;
    const node = make("span", "pc-found__text");
    let at = from;
    if (from > 0) node.append("… ");
    for (const [start, end] of places) {
      if (start < at || end > to) continue;
      node.append(text.slice(at, start), make("mark", "", text.slice(start, end)));
      at = end;
    }
    node.append(text.slice(at, to), to < text.length ? " …" : "");
    return node;
  }

  function shown(one, forms) {
    const { passage } = one, item = make("li", "pc-found__item"), link = make("a", "pc-found__link");
    link.href = new URL(addressOf(passage, forms), ROOT);
    // Titles have two parts; the first names the page.
    const where = make("span", "pc-found__where", passage.title.replace("? ", "?: ").split(": ", 1)[0]);
    if (passage.head && passage.head !== passage.title && passage.head !== passage.text && passage.kind !== "term") where.append(make("span", "pc-found__head", passage.head));
    if (LABELS[passage.kind]) where.append(make("span", "pc-found__kind", LABELS[passage.kind]));
    link.append(where, excerpt(one));
    item.append(link);
    return item;
  }

  function serve(input) {
    const form = input.closest("form"), dialog = input.closest("dialog");
    const status = make("p", "pc-found__status"), list = make("ol", "pc-found"), more = make("p", "pc-found__more");
    status.setAttribute("role", "status");
    list.setAttribute("aria-label", "What was found");
    list.setAttribute("role", "list");  // Safari takes a list without marks for none
    form.after(status, list, more);
    form.setAttribute("role", "search");
    let timer = 0, turn = 0;

    async function run() {
      const query = input.value.trim(), mine = ++turn;
      if (query.length < 2 && !isChinese(query)) {
        list.replaceChildren(); more.replaceChildren(); status.textContent = "";
        load("pc-search-index.js").catch(() => {});
        return;
      }
      let told;
      try { told = await answer(query); } catch {
        status.textContent = "The index of the search was not found, or this browser cannot read it.";
        return;
      }
      if (mine !== turn) return;  // something else has been typed meanwhile
      const { results, instead, missing, apart } = told, limit = dialog ? SHOWN : MOST;
      list.replaceChildren(...results.slice(0, limit).map((one) => shown(one, told.words)));
      list.querySelectorAll("a").forEach((link, at) => { link.tabIndex = at ? -1 : 0; });
      const count = results.length, pages = new Set(results.map((one) => one.passage.address)).size;
      const notes = instead.map(({ word, by }) => `Nothing says “${word}”; shown is ${by.slice(0, 3).join(", ")}. `);
      if (count) notes.push(...missing.map((word) => `Nothing says “${word}”; shown is the rest. `), apart ? "No place holds all of these words. " : "");
      status.textContent = notes.join("") + (count ? `${count} ${count === 1 ? "place" : "places"} on ${pages} ${pages === 1 ? "page" : "pages"}` : `Nothing found for “${query}”.`);
      more.replaceChildren();
      if (dialog && count > limit) {
        const all = make("a", "", `All ${count} places`);
        all.href = new URL(`search.html?q=${encodeURIComponent(query)}`, ROOT);
        more.append(all);
      }
    }
    input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(run, 60); });

    const links = () => [...list.querySelectorAll("a")];
    const go = (to) => { for (const link of links()) link.tabIndex = link === to ? 0 : -1; to.focus(); };
    form.addEventListener("submit", (event) => {
      const first = links()[0];
      event.preventDefault();
      if (first && dialog) first.click(); else if (first) go(first);
    });
    const around = dialog ?? form.parentElement;
    around.addEventListener("keydown", (event) => {
      const all = links(), at = all.indexOf(document.activeElement);
      if (!all.length || (at < 0 && document.activeElement !== input)) return;
      const steps = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 };
      if (!(event.key in steps) || (at < 0 && event.key !== "ArrowDown")) {
        // Whoever types on goes on with the question.
        if (at >= 0 && event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey) input.focus();
        return;
      }
      event.preventDefault();
      const next = steps[event.key];
      if (next < 0) input.focus(); else go(all[Math.min(next, all.length - 1)]);
    });
    list.addEventListener("click", () => { if (dialog?.open) dialog.close(); });
    run();
  }
  for (const input of document.querySelectorAll(".bd-search input[name=q]")) serve(input);
})();
