
"use strict";
(function () {
  const root = document.documentElement;
  const find = (id) => document.getElementById(id);
  const all = (selector) => Array.from(document.querySelectorAll(selector));
  const MANY = 6;
  root.classList.add("scripted");

  // What the address says, so that a view can be linked: #q=nginx&sort=tag&dir=desc, or #image-3 as ever.
  const asked = new URLSearchParams(location.search);
  const readAddress = () => {
    const fragment = location.hash.slice(1);
    return new URLSearchParams(fragment.includes("=") ? fragment : "");
  };

  const theme = find("theme");
  const setTheme = (name) => {
    root.dataset.theme = name;
    theme.setAttribute("aria-pressed", String(name === "dark"));
  };
  const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
  let kept = null;
  try { kept = localStorage.getItem("chartkit-theme"); } catch (_) { /* storage may be forbidden for files */ }
  const wanted = asked.get("theme") || readAddress().get("theme") || kept;
  theme.setAttribute("aria-pressed", String(isDark));
  if (wanted === "dark" || wanted === "light") setTheme(wanted);
  theme.addEventListener("click", () => {
    setTheme(theme.getAttribute("aria-pressed") === "true" ? "light" : "dark");
    try { localStorage.setItem("chartkit-theme", root.dataset.theme); } catch (_) { /* as above */ }
  });

  const cards = all("details.image");
  if (cards.length > MANY) cards.forEach((card) => { card.open = card.dataset.fails !== "0"; });
  find("expand").addEventListener("click", () => cards.forEach((card) => { card.open = true; }));
  find("collapse").addEventListener("click", () => cards.forEach((card) => { card.open = false; }));
  const openTarget = () => {
    const card = find(location.hash.slice(1));
    if (card && card.matches("details.image")) {
      card.classList.remove("filtered");
      card.open = true;
      card.scrollIntoView();
    }
  };
  const closed = [];
  addEventListener("beforeprint", () => cards.forEach((card) => {
    if (!card.open) { closed.push(card); card.open = true; }
  }));
  addEventListener("afterprint", () => { closed.splice(0).forEach((card) => { card.open = false; }); });

  const controls = find("controls");
  if (!controls) { addEventListener("hashchange", openTarget); return; }

  const body = find("table").tBodies[0];
  const rows = Array.from(body.rows);
  const heads = all("#table thead th");
  const fields = { q: find("q"), registry: find("registry"), certainty: find("certainty"), sort: find("sort") };
  const only = find("with-findings");
  let direction = "asc";

  const cellValue = (row, index) => row.cells[index].dataset.value || "";
  const compare = (left, right) => left.localeCompare(right, "en", { numeric: true, sensitivity: "base" });

  const sortRows = () => {
    const index = heads.findIndex((head) => head.dataset.column === fields.sort.value);
    const sign = direction === "desc" ? -1 : 1;
    heads.forEach((head, at) => {
      head.setAttribute("aria-sort", at === index ? (sign > 0 ? "ascending" : "descending") : "none");
    });
    const order = rows.slice();
    if (index >= 0) order.sort((left, right) => sign * compare(cellValue(left, index), cellValue(right, index)));
    body.append(...order);
  };

  const fits = (row) => {
    const text = (row.textContent + " " + row.dataset.search).toLowerCase();
    return fields.q.value.toLowerCase().split(/\s+/).every((word) => text.includes(word)) &&
      (!fields.registry.value || row.dataset.registry === fields.registry.value) &&
      (!fields.certainty.value || row.dataset.certainty === fields.certainty.value) &&
      (!only.checked || row.dataset.findings !== "0");
  };

  const filterRows = () => {
    let count = 0;
    rows.forEach((row) => {
      const fit = fits(row);
      count += fit ? 1 : 0;
      row.classList.toggle("filtered", !fit);
      const card = find("image-" + row.dataset.image);
      if (card) card.classList.toggle("filtered", !fit);
    });
    find("shown").textContent = count === rows.length ? "All " + count + " shown" : count + " of " + rows.length + " shown";
    find("none").hidden = count > 0;
  };

  const writeAddress = () => {
    const said = new URLSearchParams();
    Object.entries(fields).forEach(([name, field]) => { if (field.value) said.set(name, field.value); });
    if (fields.sort.value && direction === "desc") said.set("dir", "desc");
    if (only.checked) said.set("findings", "1");
    try { history.replaceState(null, "", said.size ? "#" + said : location.pathname + location.search); } catch (_) { /* not for all files */ }
  };

  const apply = () => { sortRows(); filterRows(); };
  const change = () => { apply(); writeAddress(); };
  const follow = () => {
    const said = readAddress();
    if (said.size || !location.hash) {
      Object.entries(fields).forEach(([name, field]) => {
        field.value = said.get(name) || "";
        if (field.selectedIndex === -1) field.value = "";
      });
      only.checked = said.get("findings") === "1";
      direction = said.get("dir") === "desc" ? "desc" : "asc";
    }
    apply();
    openTarget();
  };

  heads.forEach((head) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent.trim();
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      direction = fields.sort.value === head.dataset.column && direction === "asc" ? "desc" : "asc";
      fields.sort.value = head.dataset.column;
      change();
    });
  });
  fields.sort.addEventListener("change", () => { direction = "asc"; });
  controls.addEventListener("input", change);
  controls.addEventListener("submit", (event) => event.preventDefault());
  const reset = () => { controls.reset(); direction = "asc"; change(); };
  controls.addEventListener("reset", () => setTimeout(() => { direction = "asc"; change(); }));
  find("show-all").addEventListener("click", (event) => { event.preventDefault(); reset(); fields.q.focus(); });
  addEventListener("hashchange", follow);
  follow();
})();
