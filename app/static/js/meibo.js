// What makes the portal quicker where script runs. Every page works without it.
"use strict";
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const on = (event, selector, act) =>
  document.addEventListener(event, (e) => { const hit = e.target.closest?.(selector); if (hit) act(hit, e); });
const keep = { get(key) { try { return localStorage.getItem(key); } catch { return null; } }, set(key, value) { try { value === null ? localStorage.removeItem(key) : localStorage.setItem(key, value); } catch { /* storage is off */ } } };

// theme
on("click", "[data-theme]", (button) => {
  const theme = button.dataset.theme;
  keep.set("meibo-theme", theme === "auto" ? null : theme);
  if (theme === "auto") delete document.documentElement.dataset.bsTheme; else document.documentElement.dataset.bsTheme = theme;
  button.closest("details")?.removeAttribute("open");
});

// menus: one open at a time, closed by Esc and by a click elsewhere, focus goes back
document.addEventListener("click", (e) => all("details.dropdown[open], details.drawer[open]").forEach((menu) => { if (!menu.contains(e.target)) menu.open = false; }));
document.addEventListener("keydown", (e) => {
  if (e.key === "Escape") { const menu = all("details.dropdown[open], details.drawer[open]").pop(); if (menu) { menu.open = false; menu.querySelector("summary").focus(); } }
  if (e.key === "/" && !e.target.closest("input, textarea, select, [contenteditable]")) { const search = document.querySelector("[data-search]"); if (search) { e.preventDefault(); search.focus(); search.select(); } }
});

// filters apply at once
on("change", "[data-autosubmit]", (form, e) => { if (e.target.matches("select, input[type=radio], input[type=checkbox]")) form.requestSubmit(); });

// selecting rows
for (const form of all("form[data-bulk]")) {
  const bar = form.querySelector(".bulk"), words = form.querySelector("[data-selected]"), every = form.querySelector("[data-all]");
  const boxes = all("input[name=rowid]", form);
  const draw = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    bar.hidden = chosen === 0;
    words.textContent = words.dataset.words.replace("{n}", chosen);
    every.checked = chosen === boxes.length; every.indeterminate = chosen > 0 && chosen < boxes.length;
    boxes.forEach((box) => box.closest("tr").classList.toggle("on", box.checked));
  };
  every.hidden = false;
  every.addEventListener("change", () => { boxes.forEach((box) => { box.checked = every.checked; }); draw(); });
  form.addEventListener("change", draw);
  form.addEventListener("reset", () => setTimeout(draw));
  draw();
}

// asking before a dangerous button
on("click", "button[data-confirm]", (button, e) => {
  if (button.dataset.sure) return;
  e.preventDefault();
  const dialog = document.createElement("dialog");
  dialog.className = "sheet border-0 m-auto p-4";
  dialog.setAttribute("aria-labelledby", "ask");
  const question = Object.assign(document.createElement("h1"), { id: "ask", className: "mb-4", textContent: button.dataset.confirm });
  const row = Object.assign(document.createElement("form"), { method: "dialog", className: "d-flex flex-wrap gap-2 justify-content-end" });
  const no = Object.assign(document.createElement("button"), { className: "btn btn-line", autofocus: true, textContent: document.body.dataset.cancel || "Cancel" });
  const yes = Object.assign(document.createElement("button"), { className: "btn btn-danger", value: "yes", textContent: button.textContent.trim() });
  row.append(no, yes); dialog.append(question, row); document.body.append(dialog);
  dialog.addEventListener("close", () => { dialog.remove(); if (dialog.returnValue === "yes") { button.dataset.sure = "1"; button.form.requestSubmit(button); } else button.focus(); });
  dialog.showModal();
});

// choices that show or hide a part of the form: data-shown-when="name=value,value"
const shown = () => all("[data-shown-when]").forEach((part) => {
  const [name, values] = part.dataset.shownWhen.split("=");
  const chosen = part.closest("form").elements[name];
  part.hidden = !values.split(",").includes(chosen?.value ?? "");
});
document.addEventListener("change", shown);
shown();

// an authority that needs another takes it along, and says so
on("change", "input[data-requires]", (box) => {
  if (!box.checked || !box.dataset.requires) return;
  const told = box.closest("fieldset").querySelector("[data-told]");
  for (const key of box.dataset.requires.split(" ")) {
    const needed = box.form.querySelector(`input[name="${box.name}"][value="${key}"]`);
    if (needed && !needed.checked) { needed.checked = true; if (told) { told.hidden = false; told.textContent = box.dataset.why; } }
  }
});
// searching in the picker
on("input", "[data-filter-list]", (input) => {
  const words = input.value.normalize("NFKC").toLowerCase();
  all("[data-filter-text]", input.closest("fieldset")).forEach((row) => { row.hidden = !row.dataset.filterText.normalize("NFKC").toLowerCase().includes(words); });
});

// what a field was set to last time, kept in this browser
for (const field of all("[data-remember]")) {
  const key = "meibo-" + field.dataset.remember, box = field.type === "checkbox", last = keep.get(key);
  if (last !== null && !field.closest("form").matches("[data-filled]")) { if (box) field.checked = last === "1"; else if ([...(field.options ?? [])].some((option) => option.value === last)) field.value = last; }
  field.addEventListener("change", () => keep.set(key, box ? (field.checked ? "1" : null) : field.value));
}

// pasted addresses are counted
for (const area of all("textarea[data-addresses]")) {
  const told = document.getElementById(area.dataset.addresses);
  const count = () => { const n = new Set(area.value.normalize("NFKC").split(/[,;、\n\t]+/).map((piece) => piece.trim().toLowerCase()).filter(Boolean)).size; told.textContent = `${n} / ${area.dataset.most}`; told.classList.toggle("bad", n > Number(area.dataset.most)); };
  area.addEventListener("input", count); count();
}

// the password's rules, ticked while typing
for (const field of all("input[data-password-rules]")) {
  const list = document.getElementById(field.dataset.passwordList);
  const rules = JSON.parse(field.dataset.passwordRules);
  const other = () => (field.form.elements.login_id?.value || field.dataset.loginId || "").toLowerCase();
  const draw = () => rules.forEach((rule, i) => {
    const value = field.value;
    const length = [...value].length;
    const ok = rule.pattern ? new RegExp(rule.pattern, "u").test(value) : rule.min ? length >= rule.min && length <= (rule.max ?? Infinity) : rule.not_login_id ? length > 0 && value.toLowerCase() !== other() : null;
    const row = list.children[i];
    if (ok === null) return;
    row.toggleAttribute("data-ok", ok && length > 0);
  });
  field.addEventListener("input", draw); draw();
}
// showing a password
on("click", "button[data-reveal]", (button) => { const field = document.getElementById(button.dataset.reveal); field.type = field.type === "password" ? "text" : "password"; button.setAttribute("aria-pressed", String(field.type === "text")); field.focus(); });
// the browser's time zone, offered once
for (const select of all("select[data-guess-zone]")) { const zone = Intl.DateTimeFormat().resolvedOptions().timeZone; if ([...select.options].some((option) => option.value === zone)) select.value = zone; }
// seconds until a code may be sent again
for (const told of all("[data-countdown]")) {
  let left = Number(told.dataset.countdown); const words = told.dataset.words, target = document.getElementById(told.dataset.then);
  const tick = () => { if (left <= 0) { told.hidden = true; if (target) { target.hidden = false; target.disabled = false; } return; } told.textContent = words.replace("{n}", left); left -= 1; setTimeout(tick, 1000); };
  if (target) target.hidden = left > 0;
  tick();
}
// copying
on("click", "button[data-copy]", async (button) => { await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim()); button.setAttribute("aria-label", button.dataset.copied); });
