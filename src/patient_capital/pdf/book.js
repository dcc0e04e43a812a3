/* One document of all pages: what only a screen needs goes, all folds open, and links lead to places of this document.
   Returns the headings for the table of contents, in their order. */
async ({ root, address, pages }) => {
  const SCREEN = ".pc-pop, .headerlink, .pc-source, .pc-actions, .pc-cite, .pc-figure__narrow, .pc-explorer__narrow, .pc-explorer__live, "
    + "script, noscript, dialog, iframe, button, details.hide, .pc-print-none";
  const known = new Set(pages);
  const placed = (page, id) => `${page}:${id}`;
  const articles = [...document.querySelectorAll("article[data-page]")];
  const ids = new Set();
  // The rows that a page of the site leaves to a script stand here in full.
  const rows = {};
  window.pcRows = (slug, told) => { rows[slug] = told; };
  for (const article of articles) {
    for (const box of article.querySelectorAll(".pc-listing[data-rows]")) {
      await new Promise((done, failed) => {
        const script = document.createElement("script");
        script.src = new URL(box.dataset.rows, `${root}${article.dataset.page}.html`);
        script.onload = done;
        script.onerror = () => failed(new Error(`no rows: ${script.src}`));
        document.head.append(script);
      });
      box.querySelector("tbody").innerHTML = rows[box.id.replace("listing-", "")].join("");
      box.querySelector(".pc-listing__all")?.remove();
    }
  }
  for (const article of articles) {
    article.querySelectorAll(SCREEN).forEach((node) => node.remove());
    article.querySelectorAll("details").forEach((fold) => { fold.open = true; });
    for (const node of article.querySelectorAll("[id]")) {
      node.id = placed(article.dataset.page, node.id);
      ids.add(node.id);
    }
    // Two pages may have one id: each place of a page, and each drawing's clip, has the page before its name.
    for (const node of article.querySelectorAll("svg *")) {
      for (const { name, value } of [...node.attributes]) {
        if (value.includes("url(#")) node.setAttribute(name, value.replaceAll("url(#", `url(#${article.dataset.page}:`));
        else if (/^(xlink:)?href$/.test(name) && value[0] === "#") node.setAttribute(name, `#${placed(article.dataset.page, value.slice(1))}`);
      }
    }
    for (const name of ["aria-labelledby", "aria-describedby"]) {
      for (const node of article.querySelectorAll(`[${name}]`)) {
        node.setAttribute(name, node.getAttribute(name).split(/\s+/).map((id) => placed(article.dataset.page, id)).join(" "));
      }
    }
  }
  for (const article of articles) {
    for (const link of article.querySelectorAll("a[href]:not(svg a)")) {
      const to = new URL(link.getAttribute("href"), `${root}${article.dataset.page}.html`);
      if (!to.href.startsWith(root)) continue;
      const page = decodeURIComponent(to.href.slice(root.length).split("#")[0]).replace(/\.html$/, "");
      const id = placed(page, decodeURIComponent(to.hash.slice(1)));
      if (known.has(page) && (ids.has(id) || !to.hash)) link.setAttribute("href", `#${to.hash ? id : page}`);
      else if (address) link.setAttribute("href", to.href);
      else link.removeAttribute("href");
    }
  }
  return articles.map((article) => ({
    page: article.dataset.page,
    title: article.querySelector("h1")?.textContent.trim() ?? article.dataset.page,
    sections: [...article.querySelectorAll("h2")].filter((head) => head.closest("section[id]"))
      .map((head) => ({ id: head.closest("section[id]").id, title: head.textContent.trim() })),
  }));
}
