/* How a pasted list of addresses is read: the same as app/kernel/pasting.py; tests/kernel/pasted.json
   holds both to it. */
globalThis.meiboAddresses = (() => {
    "use strict";
    const UNSEEN = new RegExp(
        "[\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f" +
            "\\u202a-\\u202e\\u2060-\\u206f\\u2800\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0" +
            "\\u{e0000}-\\u{e0fff}]",
        "gu",
    );
    const QUOTED = /["“„]([^"“”„\r\n]*)["”](?!@)(\s*<)?/g,
        ANGLED = /<([^<>]*)>/g,
        LINES = /[\r\n\v\f\u0085\u2028\u2029]+/;
    const AROUND = /^[()[\]{}「」『』【】<>"'“”„‘’.]+|[()[\]{}「」『』【】<>"'“”„‘’.]+$/g;
    const HEADINGS = ["e-mail", "email", "mail", "メール", "メールアドレス", "アドレス", "address"];
    const DOTS_ANYWHERE = ["docomo.ne.jp", "ezweb.ne.jp"];
    const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
    const LOCAL = new RegExp(`^${ATOM}(\\.${ATOM})*$`);
    const HOST = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]*[a-z][a-z0-9-]*$/;

    const narrowed = (text) =>
        text.replace(UNSEEN, "").normalize("NFKC").replaceAll("。", ".").trim();
    const words = (text) => text.split(/\s+/).filter(Boolean);
    const hasAt = (word) => word.includes("@");
    const cut = (text) => {
        const at = text.lastIndexOf("@");
        return at < 0 ? ["", text] : [text.slice(0, at), text.slice(at + 1)];
    };

    // an address without `mailto:`, quotes and brackets around it
    const bare = (typed) => {
        let word = narrowed(typed);
        if (word.toLowerCase().startsWith("mailto:")) word = word.split("?")[0];
        word = word.replace(/^[()[\]{}<>]+|[()[\]{}<>]+$/g, "").replace(/^"([^"]*)"@/, "$1@");
        if (!hasAt(word)) return word.replace(AROUND, "");
        const [local, domain] = cut(word);
        return `${local.slice(local.lastIndexOf(":") + 1)}@${domain}`.replace(AROUND, "");
    };

    const addresses = (piece) => {
        const found = [];
        let end = 0;
        for (const match of piece.matchAll(ANGLED)) {
            const name = words(piece.slice(end, match.index));
            const address = bare(match[1]);
            if (!address) return [piece];
            found.push(...name.slice(0, -1).filter(hasAt).map(bare), address);
            end = match.index + match[0].length;
        }
        const rest = piece.slice(end),
            within = words(rest).filter(hasAt);
        const isTorn = within.some(
            (word) => word.replace(AROUND, "").startsWith("@") || word.endsWith("@"),
        );
        return found.concat(isTorn ? [rest.trim()] : within.map(bare));
    };

    // what stands between semicolons; words between commas belong to the name in front of `<`
    const entry = (text) => {
        const found = [];
        let waiting = [];
        const parts = text.split(/[,、]/).map((part) => part.trim());
        for (const piece of parts.filter(Boolean)) {
            if (!hasAt(piece) && !piece.includes("<")) {
                waiting.push(piece);
                continue;
            }
            if (piece.search(/<[^<>]*>/) < 0) found.push(...waiting);
            found.push(...addresses(piece));
            waiting = [];
        }
        return found.concat(waiting);
    };

    // a line of a spreadsheet: only cells with addresses count where there is one
    const cells = (line) => {
        const all = line
            .split("\t")
            .map((cell) => cell.trim())
            .filter(Boolean);
        const named = all.filter(hasAt);
        if (all.length < 2 || named.length) return named.length ? named : all;
        const isHeading = all.some((cell) =>
            HEADINGS.includes(cell.toLowerCase().replaceAll(" ", "")),
        );
        return isHeading ? [] : [all.join(" ")];
    };

    const unquoted = (_whole, inside, angle = "") =>
        hasAt(inside) && !angle ? inside : inside.replace(/[,;、@\t]/g, " ") + angle;
    const pieces = (text) =>
        text
            .normalize("NFKC")
            .replace(QUOTED, unquoted)
            .split(LINES)
            .flatMap(cells)
            .flatMap((cell) => cell.split(";"))
            .flatMap(entry)
            .map((piece) => piece.replace(QUOTED, unquoted).trim())
            .filter(Boolean);

    // a domain as mail servers write it, by the browser's own IDNA
    const host = (domain) => {
        if (!/^[^\s/?#:@\\%[\]]+$/.test(domain)) return "";
        try {
            return new URL(`http://${domain}`).hostname;
        } catch {
            return "";
        }
    };
    const mailbox = (typed) => {
        const address = narrowed(typed),
            [local, domain] = cut(address),
            ascii = host(domain);
        const isLoose = DOTS_ANYWHERE.includes(ascii);
        const tidy = isLoose ? local.replace(/\.{2,}/g, ".").replace(/\.+$/, "") : local;
        const isShort = local.length <= 64 && `${local}@${ascii}`.length <= 254;
        return {
            address,
            isRight: isShort && LOCAL.test(tidy) && HOST.test(ascii),
            key: ascii && local ? `${local.toLowerCase()}@${ascii}` : address.toLowerCase(),
        };
    };
    return { pieces, mailbox };
})();
