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
  const passages = [], names = [], words = new Set(), waiting = {};
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
        const plural = low[end] === "s" && !isLetter(low[end + 1]);
        if (isLetter(low[at - 1])) quality = form.length > 3 ? .25 : 0;
        else if (isLetter(low[end]) && !plural) quality = .6;
      }
      if (quality) found.places.push([at, end]);
      found.best = Math.max(found.best, quality);
    }
    return found;
  }

  /* The words of a query, each with its forms and what a form is worth. */
  function asked(query) {
    const told = [], whole = fold(query).replaceAll('"', "").trim();
    // Who asks for a name asks for all that stand for it.
    const same = names.filter(([, printed]) => printed.includes(whole)).flatMap(([chinese, printed]) => [...printed, chinese]);
    if (same.length) return [{ word: whole, forms: [[whole, 1], ...same.filter((name) => name && name !== whole).map((name) => [name, .95])], guessed: [] }];
    for (const [found, quoted] of fold(query).matchAll(/"([^"]+)"|[\u3400-\u9fff]+|[^\s"\u3400-\u9fff]+/g)) {
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
    return (large.length ? large : told).flatMap(({ word, quoted }) => {
      const holds = (form) => passages.some((one) => hits(one.low, form).best >= .6);
      const forms = [[word, 1]];
      if (isChinese(word)) {
        for (const [chinese, printed] of names) {
          if (chinese === word || (word.length > 1 && chinese.includes(word))) for (const name of printed) forms.push([name, chinese === word ? .95 : .7]);
        }
        // What nobody wrote in one piece is looked for in pieces: by the names in it, or two signs at a time.
        if (word.length > 2 && !forms.some(([form]) => holds(form))) {
          const inside = [...new Set(names.map(([chinese]) => chinese))].filter((chinese) => chinese.length > 1 && word.includes(chinese));
          const rest = inside.reduce((left, chinese) => left.replaceAll(chinese, " "), word);
          const pairs = rest.split(" ").flatMap((part) => [...part].slice(1).map((sign, at) => part[at] + sign));
          return [...inside, ...pairs].flatMap((part) => asked(part));
        }
      } else if (!quoted) {
        if (word.length > 4 && word.endsWith("s")) forms.push([word.endsWith("ies") ? `${word.slice(0, -3)}y` : word.slice(0, -1), .9]);
        if (word.length > 3 && /^[a-z]+$/.test(word) && !forms.some(([form]) => holds(form))) {
          let close = [...words].filter((other) => near(word, other));
          // The word may not be finished.
          // A space may be missing.
          const cut = [...word].findIndex((_, at) => at > 1 && words.has(word.slice(0, at)) && words.has(word.slice(at)));
          if (cut > 0) close.push(`${word.slice(0, cut)} ${word.slice(cut)}`);
          if (!close.length && word.length > 4) close = [...words].filter((other) => other.length > word.length && near(word, other.slice(0, word.length)));
          return [{ word, forms: [...forms, ...close.map((other) => [other, .7])], guessed: close }];
        }
      }
      return [{ word, forms, guessed: [] }];
    });
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
      places.push(...text.places);
    });
    if (!own) return null;
    // What a row, term, figure or section is about stands first in it; the title of a figure says more than its labels.
    const [first] = one.low.split(/ · |: /, 1), plain = first.replace(/[\s(]*[\u3400-\u9fff]+\)?/g, "");
    const start = Math.min(...places.map(([at]) => at));
    if (together?.test(one.low)) points += 20;
    else if (together?.test(one.context)) points += 4;
    if (start === 0 && own === parts.length) points += one.kind === "text" ? 2 : 8;
    const isSubject = ([form, worth]) => worth > .9 && (form === first || form === plain);
    if (together ? plain.replace(together, "") === "" : parts[0].forms.some(isSubject)) points += 12 / (alike[subjectOf(one)] ?? 1);
    if (one.kind === "term" && (together ? together.test(first) : hits(first, parts[0].word).best > .6)) points += 12;
    if (one.kind === "figure" && start >= one.head.length) points *= .8;
    points += 8 * Math.min(1, 80 / one.text.length);
    places.sort((a, b) => a[0] - b[0]);
    return { passage: one, points: points * KINDS[one.kind] * one.weight, held, places };
  }

  function find(query) {
    const parts = asked(query);
    if (!parts.length) return { results: [], guessed: [], words: [] };
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
    return { results: kept.sort((a, b) => b.points - a.points), guessed: parts.filter((part) => part.guessed.length), words: [...new Set(forms)] };
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
    const where = make("span", "pc-found__where", passage.title.split(/: |(?<=\?) /, 1)[0]);
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
      const { results, guessed } = told, limit = dialog ? SHOWN : MOST;
      list.replaceChildren(...results.slice(0, limit).map((one) => shown(one, told.words)));
      list.querySelectorAll("a").forEach((link, at) => { link.tabIndex = at ? -1 : 0; });
      const count = results.length, pages = new Set(results.map((one) => one.passage.address)).size;
      const instead = guessed.map((part) => `Nothing says “${part.word}”; shown is ${part.guessed.slice(0, 3).join(", ")}. `).join("");
      status.textContent = instead + (count ? `${count} ${count === 1 ? "place" : "places"} on ${pages} ${pages === 1 ? "page" : "pages"}` : `Nothing found for “${query}”.`);
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
