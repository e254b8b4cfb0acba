/* Lists where scripts run: the menu of a row, rows that open, pages in a dialog, columns,
   suggestions. Without it "…" leads to the row's page. */
(() => {
    "use strict";
    const all = (selector, root = document) => [...root.querySelectorAll(selector)];
    const on = (event, selector, act) =>
        document.addEventListener(event, (e) => {
            const hit = e.target.closest?.(selector);
            if (hit) act(hit, e);
        });
    const here = () => encodeURIComponent(location.pathname + location.search);
    const step = (items, at, key) =>
        items[
            {
                ArrowDown: (at + 1) % items.length,
                ArrowUp: (at - 1 + items.length) % items.length,
                Home: 0,
                End: items.length - 1,
            }[key]
        ];

    // × and + for the roles of a row, where the row may be edited
    all("table[data-take] > tbody > tr:not([data-locks~=edit])").forEach((row) => {
        const words = row.closest("table").dataset,
            tags = row.querySelector(".tags"),
            name = row.querySelector("th a"),
            id = name.pathname.split("/").pop();
        all("[data-role]", tags).forEach((tag) => {
            const button = Object.assign(document.createElement("button"), {
                className: "x",
                name: "role",
                value: tag.dataset.role,
            });
            button.setAttribute("formaction", words.take.replace(/0$/, id));
            button.setAttribute("aria-label", words.takeWords.replace("{}", tag.textContent));
            tag.append(button);
        });
        if (tags.querySelector(".add")) return;
        const link = Object.assign(document.createElement("a"), {
            className: "add",
            href: words.give.replace("give=0", `give=${id}`),
        });
        link.setAttribute("aria-label", words.giveWords.replace("{}", name.textContent));
        tags.append(link);
    });

    // "+": the roles of one row, fetched into it: the list keeps its place, the focus goes to them
    on("click", "table.cards a.add", async (link, e) => {
        if (e.ctrlKey || e.metaKey || e.shiftKey) return;
        e.preventDefault();
        const answer = await fetch(link.href).catch(() => null),
            text = answer?.ok && !answer.redirected ? await answer.text() : "",
            menu = new DOMParser().parseFromString(text, "text/html").querySelector("#give");
        if (!menu) {
            location.href = link.href;
            return;
        }
        all("#give").forEach((other) => {
            other.open = false;
            other.removeAttribute("id");
        });
        link.parentNode.classList.add("position-relative");
        link.replaceWith(menu);
        menu.querySelector("button").focus();
    });
    document.querySelector("#give[open] button")?.focus(); // asked for with its menu open

    // the menu of a row: one for all rows, moved to the "…" that opened it
    const menu = document.getElementById("row-menu");
    const entries = () => all("a", menu).filter((entry) => !entry.hidden);
    let opener = null;
    const place = () => {
        const at = opener.getBoundingClientRect(),
            below = at.bottom + menu.offsetHeight < innerHeight;
        menu.style.left = `${Math.max(8, at.right - menu.offsetWidth)}px`;
        menu.style.top = `${below ? at.bottom : Math.max(8, at.top - menu.offsetHeight)}px`;
    };
    if (menu) {
        all("table[data-menu] td.c-menu:empty").forEach((cell) => {
            // rows that are drawn short leave their "…" to us
            const name = cell.parentNode.querySelector("th a"),
                link = document.createElement("a"),
                icon = document.querySelector("svg.i").cloneNode(true);
            link.className = "btn btn-icon btn-sm";
            link.setAttribute("href", name.getAttribute("href"));
            link.setAttribute(
                "aria-label",
                cell.closest("table").dataset.menu.replace("{}", name.textContent),
            );
            icon.setAttribute("class", "i");
            icon.firstElementChild.setAttribute(
                "href",
                icon.firstElementChild.getAttribute("href").replace(/#.*/, "#three-dots"),
            );
            link.append(icon);
            cell.append(link);
        });
        all("td.c-menu > a").forEach((link) => {
            link.setAttribute("role", "button");
            link.setAttribute("aria-haspopup", "menu");
        });
        on("click", "td.c-menu > a", (link, e) => {
            if (e.ctrlKey || e.metaKey || e.shiftKey) return;
            e.preventDefault();
            opener = link;
            const id = link.pathname.split("/").pop(),
                usual = link.closest("table").dataset.locks || "",
                locks = (link.closest("tr").dataset.locks ?? usual).split(" ");
            all("a", menu).forEach((entry) => {
                entry.dataset.path ||= entry.getAttribute("href");
                entry.href = entry.dataset.path.replace(/\/0$/, `/${id}`);
                entry.hidden = locks.includes(entry.dataset.verbName);
            });
            menu.showPopover();
            place();
            entries()[0]?.focus();
        });
        menu.addEventListener("keydown", (e) => {
            const next = step(entries(), entries().indexOf(document.activeElement), e.key);
            if (next) {
                e.preventDefault();
                next.focus();
            }
            if (e.key === "Tab") menu.hidePopover();
        });
        menu.addEventListener("toggle", (e) => {
            opener.setAttribute("aria-expanded", String(e.newState === "open"));
            if (
                e.newState === "closed" &&
                (menu.contains(document.activeElement) || document.activeElement === document.body)
            )
                opener.focus();
        });
        addEventListener(
            "scroll",
            () => {
                if (menu.matches(":popover-open")) menu.hidePopover();
            },
            { passive: true },
        );
    }

    // a row opens what its name leads to, unless something in it was meant
    on("click", ".cards > tbody > tr", (row, e) => {
        const link = row.querySelector("th a");
        if (
            !link ||
            e.target.closest("a, button, input, label, summary, select, .c-check") ||
            String(getSelection())
        )
            return;
        if (e.ctrlKey || e.metaKey) open(link.href);
        else link.click();
    });

    // what a narrow column cuts off is told on hovering
    on("mouseover", ".cut, .who a", (part) => {
        if (!part.title && part.scrollWidth > part.clientWidth) part.title = part.textContent;
    });

    // a verb in a row comes back to where the list was
    const spot = "meibo-spot",
        address = location.pathname + location.search;
    try {
        const name = (row) => row?.querySelector("th a")?.getAttribute("href");
        on("submit", "form:has(table.cards)", (_form, e) => {
            const row = name(e.submitter?.closest("tr"));
            sessionStorage.setItem(spot, JSON.stringify([address, scrollY, row]));
        });
        const [was, at, row] = JSON.parse(sessionStorage.getItem(spot) || "[]");
        sessionStorage.removeItem(spot);
        if (was === address) {
            const link = row && all(".cards tr").find((one) => name(one) === row);
            scrollTo(0, at);
            link?.querySelector("th a").focus({ preventScroll: true });
        }
    } catch {
        /* storage is off */
    }

    // the choices of a filter, and other menus that few open: fetched when they are
    on("click", "a[data-filter]", async (link, e) => {
        if (e.ctrlKey || e.metaKey || e.shiftKey) return;
        e.preventDefault();
        const answer = await fetch(link.href).catch(() => null);
        const chip =
            answer?.ok &&
            !answer.redirected &&
            new DOMParser()
                .parseFromString(await answer.text(), "text/html")
                .querySelector("details[data-filter][open]");
        if (!chip) {
            location.href = link.href;
            return;
        }
        all("details.dropdown[open]").forEach((other) => {
            other.open = false;
        });
        link.replaceWith(chip);
        chip.querySelector("input, .dropdown-menu :is(a, button)").focus();
    });

    // pages that are asked for in a dialog; a form in it is sent as it would be from its page
    on("click", "a[data-modal]", async (link, e) => {
        if (e.ctrlKey || e.metaKey || e.shiftKey) return;
        e.preventDefault();
        const back = menu?.contains(link) ? opener : link;
        if (menu?.matches(":popover-open")) menu.hidePopover();
        const asked = `${link.href}${link.href.includes("?") ? "&" : "?"}next=${here()}`;
        const answer = await fetch(asked).catch(() => null);
        if (!answer?.ok || answer.redirected) {
            location.href = link.href;
            return;
        }
        show(
            new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main"),
            asked,
            back,
        );
    });
    // what a verb for the selected rows asks first, in a dialog as for one row
    on("click", "button[data-modal]", async (button, e) => {
        e.preventDefault();
        const body = new URLSearchParams(new FormData(button.form, button)),
            sent = { method: "POST", body };
        // not form.action: that is the buttons called so
        const answer = await fetch(button.form.getAttribute("action"), sent).catch(() => null);
        if (!answer?.ok || !answer.url.includes("/batches/ask/")) {
            // nothing was done yet: what is to be said is said on a page
            button.form.requestSubmit(button);
            return;
        }
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        show(page.querySelector("main"), answer.url, button);
    });
    const show = (page, source, back) => {
        all(":scope > nav:first-child, .breadcrumb", page).forEach((part) =>
            (part.closest("nav") || part).remove(),
        );
        const dialog = document.createElement("dialog"),
            title = page.querySelector("h1");
        title.id = "dialog-title";
        dialog.className = "sheet m-auto modal-page";
        dialog.setAttribute("aria-labelledby", title.id);
        all("form:not([action])", page).forEach((form) => {
            form.setAttribute("action", source);
        });
        dialog.append(...page.childNodes);
        dialog.addEventListener("close", () => {
            dialog.remove();
            back.focus();
        });
        dialog.addEventListener("click", (e) => {
            if (e.target.closest("[data-cancel]")) {
                e.preventDefault();
                dialog.close();
            }
        });
        document.body.append(dialog);
        dialog.showModal();
        const safe = dialog.querySelector(".btn-danger") && dialog.querySelector("[data-cancel]"),
            first = "[autofocus], form input:not([type=hidden]), form button";
        (safe || dialog.querySelector(first) || title).focus(); // Enter takes nothing away
        document.dispatchEvent(new Event("change"));
    };

    // columns and their widths: this browser's own, on the table of this page (S3-26…S3-28)
    all("details[data-columns]").forEach((chooser) => {
        const table = document.querySelector("table.cards"),
            key = `meibo-columns-${chooser.dataset.columns}`;
        if (!table) {
            chooser.hidden = true;
            return;
        }
        const heads = all("thead th[data-column]", table),
            list = chooser.querySelector("fieldset");
        const read = () => {
            try {
                return JSON.parse(localStorage.getItem(key)) || {};
            } catch {
                return {};
            }
        };
        const write = (kept) => {
            try {
                localStorage.setItem(key, JSON.stringify(kept));
            } catch {
                /* storage is off */
            }
        };
        const cells = (head) => all(`tr > :nth-child(${head.cellIndex + 1})`, table);
        const isShown = (head) => getComputedStyle(head).display !== "none";
        const shown = () => heads.filter(isShown);
        const keep = (part, head, value) => {
            const kept = read();
            (kept[part] ||= {})[head.dataset.column] = value;
            write(kept);
        };
        const wide = matchMedia("(min-width: 992px)");
        const toggle = (head, visible) =>
            cells(head).forEach((cell) => {
                cell.classList.toggle("gone", !visible);
                cell.classList.toggle("shown", visible);
                if (visible) cell.classList.remove("lo", "wide");
            });
        const size = (widths) => {
            if (!wide.matches) return;
            const parts = [...table.tHead.rows[0].cells]
                .filter(isShown)
                .map((head) => [head, widths?.[head.dataset.column] || head.offsetWidth]);
            const total = parts.reduce((sum, [, width]) => sum + width, 0);
            parts.forEach(([head, width]) => {
                head.style.width = `${(100 * width) / total}%`;
            });
            table.classList.add("sized");
        };
        const resize = (head, by) => {
            const row = shown(),
                at = row.indexOf(head),
                other = row[at + 1] || row[at - 1];
            if (!other || head.offsetWidth + by < 64 || other.offsetWidth - by < 64) return;
            const widths = Object.fromEntries(
                row.map((one) => [one.dataset.column, one.offsetWidth]),
            );
            widths[head.dataset.column] += by;
            widths[other.dataset.column] -= by;
            size(widths);
            write({ ...read(), widths });
        };
        const button = (text, label, act) => {
            const made = Object.assign(document.createElement("button"), {
                type: "button",
                className: "btn btn-sm btn-icon",
                textContent: text,
            });
            made.setAttribute("aria-label", label);
            made.title = label;
            made.addEventListener("click", act);
            return made;
        };
        const line = (head) => {
            const row = document.createElement("div"),
                label = document.createElement("label"),
                box = document.createElement("input"),
                name = head.textContent.trim();
            row.className = "d-flex align-items-center gap-1";
            label.className = "me-auto text-nowrap";
            Object.assign(box, {
                type: "checkbox",
                className: "form-check-input me-2",
                checked: isShown(head),
                disabled: head === heads[0],
            });
            box.addEventListener("change", () => {
                toggle(head, box.checked);
                keep("shown", head, box.checked);
                if (table.matches(".sized")) size(read().widths);
            });
            label.append(box, name);
            const sized = (by, text, words) =>
                button(text, words.replace("{}", name), () => resize(head, by));
            row.append(
                label,
                sized(-24, "−", list.dataset.narrower),
                sized(24, "+", list.dataset.wider),
            );
            return row;
        };
        const grip = (head) => {
            const made = Object.assign(document.createElement("span"), { className: "grip" });
            made.addEventListener("pointerdown", (e) => {
                e.preventDefault();
                made.setPointerCapture(e.pointerId);
                let last = e.clientX;
                const move = (m) => {
                    const by = Math.round(m.clientX - last);
                    if (by) {
                        last += by;
                        resize(head, by);
                    }
                };
                made.addEventListener("pointermove", move);
                made.addEventListener(
                    "lostpointercapture",
                    () => made.removeEventListener("pointermove", move),
                    { once: true },
                );
            });
            head.append(made);
        };
        const kept = read();
        heads.forEach((head) => {
            if (head.dataset.column in (kept.shown || {}))
                toggle(head, kept.shown[head.dataset.column]);
        });
        if (kept.widths) size(kept.widths);
        heads.forEach((head) => {
            list.append(line(head));
            grip(head);
        });
        chooser.querySelector("[data-columns-reset]").addEventListener("click", () => {
            try {
                localStorage.removeItem(key);
            } catch {
                /* storage is off */
            }
            location.reload();
        });
    });

    // suggestions while typing: at most twenty, from the server, never a list in the page
    const suggest = (input) => {
        const list = Object.assign(document.createElement("div"), {
            className: "dropdown-menu options suggestions",
            id: `${input.id}-suggestions`,
            hidden: true,
        });
        const told = Object.assign(document.createElement("span"), {
            className: "visually-hidden",
        });
        let waiting = 0,
            asked = "";
        Object.entries({
            role: "combobox",
            "aria-autocomplete": "list",
            "aria-expanded": "false",
            "aria-controls": list.id,
        }).forEach(([name, value]) => input.setAttribute(name, value));
        list.setAttribute("role", "listbox");
        list.setAttribute("aria-label", input.labels[0].textContent.trim());
        told.setAttribute("role", "status");
        input.after(list, told);
        const options = () => all("[role=option]", list);
        const point = (option) => {
            options().forEach((one) => one.setAttribute("aria-selected", String(one === option)));
            if (option) {
                input.setAttribute("aria-activedescendant", option.id);
                option.scrollIntoView({ block: "nearest" });
            } else input.removeAttribute("aria-activedescendant");
        };
        const open = (is) => {
            list.hidden = !is;
            list.classList.toggle("show", is);
            input.setAttribute("aria-expanded", String(is));
            if (!is) point(null);
        };
        const take = (option) => {
            input.value = option.dataset.value;
            told.textContent = "";
            open(false);
        };
        const ask = async () => {
            const words = (asked = input.value.trim());
            if (!words) {
                open(false);
                return;
            }
            const answer = await fetch(
                `${input.dataset.suggest}?q=${encodeURIComponent(words)}`,
            ).catch(() => null);
            if (!answer?.ok || answer.redirected || words !== asked) return;
            const part = new DOMParser().parseFromString(await answer.text(), "text/html");
            list.replaceChildren(...all("[role=option]", part));
            told.textContent = part.querySelector("[data-told]")?.textContent ?? "";
            open(options().length > 0 && document.activeElement === input);
        };
        input.addEventListener("input", (e) => {
            clearTimeout(waiting);
            if (!e.isComposing) waiting = setTimeout(ask, 150);
        });
        input.addEventListener("compositionend", ask);
        input.addEventListener("keydown", (e) => {
            const chosen = list.querySelector("[aria-selected=true]"),
                next = e.key.startsWith("Arrow")
                    ? step(options(), options().indexOf(chosen), e.key)
                    : null;
            if (e.isComposing || list.hidden) return;
            if (next) {
                e.preventDefault();
                point(next);
            }
            if (e.key === "Enter" && chosen) {
                e.preventDefault();
                take(chosen);
            }
            if (e.key === "Escape") {
                e.preventDefault();
                open(false);
            }
        });
        list.addEventListener("mousedown", (e) => {
            e.preventDefault();
            const option = e.target.closest("[role=option]");
            if (option) take(option);
        });
        input.addEventListener("blur", () => open(false));
    };
    all("input[data-suggest]").forEach(suggest);

    // one more row in a form: the server's form comes back with it, and only the rows are put in
    on("click", "button[data-more]", async (button, e) => {
        e.preventDefault();
        const rows = button.closest("[data-rows]"),
            form = button.form;
        const answer = await fetch(form.getAttribute("action") || location.href, {
            method: "POST",
            body: new FormData(form, button),
        }).catch(() => null);
        const fresh =
            answer?.ok &&
            !answer.redirected &&
            new DOMParser()
                .parseFromString(await answer.text(), "text/html")
                .querySelector(`[data-rows="${rows.dataset.rows}"]`);
        if (!fresh) {
            form.requestSubmit(button);
            return;
        }
        rows.replaceWith(fresh);
        all("input[data-suggest]", fresh).forEach(suggest);
        const last = all(":scope > fieldset", fresh).pop();
        last?.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    });
})();
