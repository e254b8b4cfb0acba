/* What makes the portal quicker where scripts run. Every page reads, adds, edits and deletes without it. */
(() => {
    "use strict";
    const all = (selector, root = document) => [...root.querySelectorAll(selector)];
    const on = (event, selector, act) =>
        document.addEventListener(event, (e) => {
            const hit = e.target.closest?.(selector);
            if (hit) act(hit, e);
        });
    const fold = (text) => text.normalize("NFKC").toLowerCase().trim();
    const keep = {
        get(key) {
            try {
                return localStorage.getItem(key);
            } catch {
                return null;
            }
        },
        set(key, value) {
            try {
                if (value === null) localStorage.removeItem(key);
                else localStorage.setItem(key, value);
            } catch {
                /* storage is off */
            }
        },
    };
    const announce = (words) => {
        document.getElementById("announce").textContent = words;
    };

    // the theme: light, dark, or as the system says
    const drawTheme = () =>
        all("[data-theme]").forEach((button) => {
            button.setAttribute(
                "aria-pressed",
                String(
                    button.dataset.theme === (document.documentElement.dataset.bsTheme || "auto"),
                ),
            );
        });
    all("[data-themes]").forEach((spot) => {
        // on phones the account's menu has them too
        spot.append(
            Object.assign(document.createElement("hr"), { className: "dropdown-divider" }),
            ...all("header [data-theme]").map((button) => button.cloneNode(true)),
        );
    });
    on("click", "[data-theme]", (button) => {
        const theme = button.dataset.theme;
        keep.set("meibo-theme", theme === "auto" ? null : theme);
        if (theme === "auto") delete document.documentElement.dataset.bsTheme;
        else document.documentElement.dataset.bsTheme = theme;
        button.closest("details")?.removeAttribute("open");
        drawTheme();
    });
    drawTheme();

    // menus: a click elsewhere or Esc closes them, and the focus goes back to their button
    document.addEventListener("click", (e) =>
        all("details.dropdown[open]").forEach((menu) => {
            if (!menu.contains(e.target)) menu.open = false;
        }),
    );
    on("click", "[data-closes] .dropdown-item", (pressed) =>
        setTimeout(() => {
            pressed.closest("details").open = false;
        }),
    );
    document.addEventListener("keydown", (e) => {
        if (e.key === "Escape") {
            const menu = all("details.dropdown[open]").pop();
            if (menu) {
                menu.open = false;
                menu.querySelector("summary").focus();
            }
        }
        const typing = e.target.closest?.("input, textarea, select, [contenteditable], dialog");
        const search = document.querySelector("input[type=search][name=q]");
        if (e.key === "/" && !typing && search && !e.ctrlKey && !e.metaKey) {
            e.preventDefault();
            search.focus();
            search.select();
        }
    });

    // a filter of one choice applies at once
    on("change", "form[data-autosubmit] input[type=radio]", (input) => input.form.requestSubmit());

    // filters that nobody set stay out of the address
    on("submit", "form[data-autosubmit]", (form) => {
        const empty = [...form.elements].filter((field) => field.name && field.value === "");
        empty.forEach((field) => {
            field.disabled = true;
        });
        setTimeout(() =>
            empty.forEach((field) => {
                field.disabled = false;
            }),
        );
    });

    // what needs mending is read first
    document.querySelector("[data-focus]")?.focus();

    // how many a search or a filter left, for those who do not see the list change
    if (document.referrer.split("?")[0] === location.href.split("?")[0])
        setTimeout(
            () =>
                announce(
                    document
                        .querySelector(".pages [role=status], .sheet .box[role=status]")
                        ?.textContent.trim() ?? "",
                ),
            400,
        );

    // selecting rows
    all(".bulk[data-bulk]").forEach((bar) => {
        const form = document.getElementById(bar.dataset.bulk),
            words = bar.querySelector("[data-selected]");
        const every = document.querySelector(`[data-all="${bar.dataset.bulk}"]`),
            boxes = all("input[name=rowid]", form);
        const more = bar.querySelector("[data-all-matching]");
        const draw = () => {
            const chosen = boxes.filter((box) => box.checked).length;
            bar.hidden = chosen === 0;
            if (more) {
                more.closest("label").hidden = chosen < boxes.length;
                if (chosen < boxes.length) more.checked = false;
            }
            const told = (chosen === 1 ? words.dataset.one : words.dataset.many).replace(
                "{n}",
                more?.checked ? more.dataset.count : chosen,
            );
            words.textContent = told;
            all(`[data-selected-again="${bar.dataset.bulk}"]`).forEach((again) => {
                again.textContent = told;
            });
            if (every) {
                every.checked = chosen === boxes.length;
                every.indeterminate = chosen > 0 && chosen < boxes.length;
            }
            boxes.forEach((box) => box.closest("tr")?.classList.toggle("on", box.checked));
        };
        every?.addEventListener("change", () => {
            boxes.forEach((box) => {
                box.checked = every.checked;
            });
            draw();
        });
        form.addEventListener("change", draw);
        more?.addEventListener("change", draw);
        form.addEventListener("reset", () => setTimeout(draw));
        draw();
    });

    // a question before a button that has no page to ask on
    on("click", "button[data-confirm]", (button, e) => {
        if (button.dataset.sure) return;
        e.preventDefault();
        const dialog = document.getElementById("confirm");
        dialog.querySelector("#confirm-question").textContent = button.dataset.confirm;
        dialog.querySelector("[data-verb]").textContent = button.textContent
            .trim()
            .replace(/…$/, "");
        dialog.returnValue = "";
        dialog.addEventListener(
            "close",
            () => {
                if (dialog.returnValue !== "yes") {
                    button.focus();
                    return;
                }
                button.dataset.sure = "1";
                button.form.requestSubmit(button);
            },
            { once: true },
        );
        dialog.showModal();
    });

    // parts of a form that a choice shows: data-when="name=value,value"
    const shown = () =>
        all("[data-when]").forEach((part) => {
            const [name, values] = part.dataset.when.split("=");
            part.hidden = !values
                .split(",")
                .includes(part.closest("form").elements[name]?.value ?? "");
        });
    document.addEventListener("change", shown);
    shown();

    // an authority that needs another takes it along, or keeps it, and says so
    on("change", "[data-filter-text] input", (box) => {
        const group = box.closest("fieldset"),
            told = group.querySelector("[data-told]"),
            boxes = all("[data-filter-text] input", group);
        const needs = (one) => one.dataset.requires?.split(" ") ?? [];
        const why = box.checked
            ? box
            : boxes.find((one) => one.checked && needs(one).includes(box.value));
        const missing = why
            ? boxes.filter((one) => !one.checked && !one.disabled && needs(why).includes(one.value))
            : [];
        missing.forEach((one) => {
            one.checked = true;
        });
        if (told) {
            told.hidden = !missing.length;
            told.textContent = missing.length ? why.dataset.why : "";
        }
    });
    // searching in the picker
    on("input", "[data-filter-list]", (input) => {
        const words = fold(input.value),
            group = input.closest("fieldset"),
            rows = all("[data-filter-text]", group);
        rows.forEach((row) => {
            row.hidden = !fold(row.dataset.filterText).includes(words);
        });
        all("[data-filter-group]", group).forEach((part) => {
            part.hidden = !part.querySelector("[data-filter-text]:not([hidden])");
        });
        group.querySelector("[data-filter-none]").hidden = rows.some((row) => !row.hidden);
    });
    on("keydown", "[data-filter-list]", (input, e) => {
        if (e.key === "Enter") e.preventDefault();
    });

    // what a field was set to last time, kept in this browser only
    all("[data-remember]").forEach((field) => {
        const key = `meibo-${field.dataset.remember}`,
            box = field.type === "checkbox",
            last = keep.get(key);
        const isFilled = field.form.matches("[data-filled]") || document.getElementById("errors");
        const known = box || [...field.options].some((option) => option.value === last);
        if (last !== null && !isFilled && known) {
            if (box) field.checked = last === "1";
            else field.value = last;
        }
        field.addEventListener("change", () =>
            keep.set(key, box ? (field.checked ? "1" : null) : field.value),
        );
    });

    // pasted addresses become chips; the textarea stays what is sent
    all("[data-paste]").forEach((part) => {
        const area = part.querySelector("textarea"),
            counter = part.querySelector("[data-counter]"),
            most = Number(part.dataset.paste);
        const paper = Object.assign(document.createElement("div"), {
            className: `${area.className} d-flex flex-wrap`,
        });
        const input = Object.assign(document.createElement("input"), {
            type: "text",
            inputMode: "email",
            autocomplete: "off",
            placeholder: part.dataset.add,
        });
        const { pieces: split, mailbox } = globalThis.meiboAddresses;
        const ready = area.form.querySelector("[data-ready]"),
            said = JSON.parse(ready?.dataset.ready || "{}");
        const refused = JSON.parse(part.dataset.refused).map((one) => mailbox(one).key);
        const isBad = (piece) => !mailbox(piece).isRight || refused.includes(mailbox(piece).key);
        const chip = (piece, pieces) => {
            const label = document.createElement("span"),
                button = document.createElement("button");
            const known = mailbox(piece).address;
            label.className = `chip ${isBad(piece) ? "err" : "val"}`;
            Object.assign(button, { type: "button", className: "x", textContent: "×" });
            button.setAttribute("aria-label", part.dataset.remove.replace("{}", known));
            button.addEventListener("click", () => {
                area.value = pieces.filter((one) => one !== piece).join("\n");
                draw();
                input.focus();
            });
            label.append(known, button);
            return label;
        };
        const sayReady = (pieces) => {
            if (!ready) return;
            const bad = pieces.filter(isBad).length,
                fine = pieces.length - bad,
                forms = said[bad ? "faulty" : "fine"];
            const rules = new Intl.PluralRules(document.documentElement.lang);
            const form = forms[rules.select(fine)] ?? forms.other;
            ready.textContent = pieces.length
                ? form.replace("{}", fine).replace("{bad}", bad)
                : "";
        };
        const distinct = (pieces) => {
            const known = new Map();
            for (const piece of pieces) {
                const { key } = mailbox(piece);
                if (!known.has(key)) known.set(key, piece);
            }
            return [...known.values()];
        };
        const draw = () => {
            const pieces = distinct(split(area.value));
            all(".chip", paper).forEach((old) => old.remove());
            paper.prepend(...pieces.map((piece) => chip(piece, pieces)));
            counter.textContent = `${pieces.length} / ${most}`;
            counter.classList.toggle("bad", pieces.length > most);
            sayReady(pieces);
            return pieces.length;
        };
        const take = (typed) => {
            const text = typeof typed === "string" ? typed : input.value;
            if (!text.trim()) return;
            area.value = [...split(area.value), ...split(text)].join("\n");
            input.value = "";
            announce(part.dataset.count.replace("{}", draw()));
        };
        input.addEventListener("keydown", (e) => {
            const isAfterName = [",", "、"].includes(e.key) && !/[@＠]/.test(input.value);
            if (["Enter", ",", "、", ";"].includes(e.key) && !e.isComposing && !isAfterName) {
                if (input.value.trim() || e.key !== "Enter") e.preventDefault();
                take();
            }
            const last = all(".chip", paper).pop(),
                deletes = e.key === "Backspace" && !input.value && !e.isComposing;
            if (deletes && last?.matches(".marked")) {
                last.querySelector("button").click();
            } else if (deletes && last) {
                last.classList.add("marked");
                announce(last.querySelector("button").getAttribute("aria-label"));
            } else {
                last?.classList.remove("marked");
            }
        });
        input.addEventListener("paste", (e) => {
            // by hand: a field of one line would make spaces of line breaks
            const text = e.clipboardData.getData("text"),
                [from, to] = [input.selectionStart, input.selectionEnd];
            e.preventDefault();
            take(input.value.slice(0, from) + text + input.value.slice(to));
        });
        input.addEventListener("blur", take);
        area.form.addEventListener("submit", take);
        input.id = area.id;
        ["aria-describedby", "aria-invalid"].forEach((name) => {
            if (area.hasAttribute(name)) input.setAttribute(name, area.getAttribute(name));
        });
        area.removeAttribute("id");
        area.hidden = true;
        paper.append(input);
        area.before(paper);
        draw();
    });

    // the rules of a password, ticked while typing
    all("input[data-password-rules]").forEach((field) => {
        const list = document.getElementById(field.dataset.passwordList),
            rules = JSON.parse(field.dataset.passwordRules);
        const loginId = () =>
            fold(field.form.elements.login_id?.value || field.dataset.loginId || "");
        const obeys = (rule) => {
            const length = [...field.value].length;
            if (rule.pattern) return new RegExp(rule.pattern, "u").test(field.value);
            if (rule.min) return length >= rule.min && length <= (rule.max ?? Infinity);
            return rule.not_login_id ? length > 0 && fold(field.value) !== loginId() : false;
        };
        const draw = () =>
            rules.forEach((rule, place) =>
                list.children[place].toggleAttribute("data-ok", field.value !== "" && obeys(rule)),
            );
        field.addEventListener("input", draw);
        draw();
    });
    on("click", "button[data-reveal]", (button) => {
        const field = document.getElementById(button.dataset.reveal);
        field.type = field.type === "password" ? "text" : "password";
        button.setAttribute("aria-pressed", String(field.type === "text"));
        field.focus();
    });

    // the browser's time zone: told by every form of signing in, offered once where one is chosen
    all("body.auth form[method=post]").forEach((form) => {
        const field = document.createElement("input");
        Object.assign(field, {
            type: "hidden",
            name: "zone",
            value: Intl.DateTimeFormat().resolvedOptions().timeZone || "",
        });
        form.append(field);
    });
    all("select[data-guess-zone]").forEach((select) => {
        const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
        if (
            !document.getElementById("errors") &&
            [...select.options].some((option) => option.value === zone)
        )
            select.value = zone;
    });

    // seconds until a code may be sent again
    all("[data-countdown]").forEach((told) => {
        const target = document.getElementById(told.dataset.then),
            end = Date.now() + 1000 * Number(told.dataset.countdown);
        const tick = () => {
            const left = Math.ceil((end - Date.now()) / 1000);
            told.hidden = left <= 0;
            target.hidden = left > 0;
            if (left > 0) {
                told.textContent = told.dataset.words.replace("{n}", left);
                setTimeout(tick, 1000);
            }
        };
        tick();
    });

    // copying
    on("click", "button[data-copy]", async (button) => {
        await navigator.clipboard.writeText(
            document.getElementById(button.dataset.copy).textContent.trim(),
        );
        button.querySelector("[role=status]").textContent = button.dataset.done;
    });
    on("click", "button[data-print]", () => print());
})();
