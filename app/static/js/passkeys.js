/* Passkeys: parts of forms that a passkey answers. data-passkey="create" or "get";
   data-ask: where the question comes from; sentences in data-*. */
(() => {
    "use strict";
    const bytes = (text) =>
        Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) =>
            one.charCodeAt(0),
        );
    const text = (buffer) =>
        btoa(String.fromCharCode(...new Uint8Array(buffer)))
            .replace(/\+/g, "-")
            .replace(/\//g, "_")
            .replace(/=+$/, "");
    const named = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

    const creation = (asked) =>
        PublicKeyCredential.parseCreationOptionsFromJSON?.(asked) ?? {
            ...asked,
            challenge: bytes(asked.challenge),
            user: { ...asked.user, id: bytes(asked.user.id) },
            excludeCredentials: named(asked.excludeCredentials),
        };
    const request = (asked) =>
        PublicKeyCredential.parseRequestOptionsFromJSON?.(asked) ?? {
            ...asked,
            challenge: bytes(asked.challenge),
            allowCredentials: named(asked.allowCredentials),
        };
    const told = ({ id, type, rawId, response, authenticatorAttachment }) => {
        const answer = { clientDataJSON: text(response.clientDataJSON) };
        ["attestationObject", "authenticatorData", "signature", "userHandle"].forEach((part) => {
            if (response[part]) answer[part] = text(response[part]);
        });
        if (response.getTransports) answer.transports = response.getTransports();
        return JSON.stringify({
            id,
            type,
            rawId: text(rawId),
            response: answer,
            ...(authenticatorAttachment ? { authenticatorAttachment } : {}),
        });
    };

    document.querySelectorAll("[data-passkey]").forEach((part) => {
        const form = part.closest("form"),
            words = part.dataset,
            kept = part.querySelector("[data-answer]");
        const said = part.querySelector("[data-said]"),
            button = part.querySelector("button[data-go]");
        const say = (sentence) => {
            said.querySelector("[data-words]").textContent = sentence;
            said.hidden = !sentence;
        };
        const ask = async () => {
            const answer = await fetch(words.ask, {
                method: "POST",
                headers: { "X-CSRFToken": form.elements.csrf_token.value },
            });
            const asked = await answer.json();
            if (asked.again) location.reload();
            if (!answer.ok) throw Object.assign(new Error(), { sentence: asked.message ?? "" });
            return asked;
        };
        const give = (asked) =>
            words.passkey === "create"
                ? navigator.credentials.create({ publicKey: creation(asked) })
                : navigator.credentials.get({ publicKey: request(asked) });
        const why = (error, waited, most) => {
            if (error.sentence !== undefined) return error.sentence;
            if (error.name === "InvalidStateError") return words.known;
            if (error.name === "NotAllowedError" || error.name === "AbortError")
                return waited >= most ? words.late : words.cancelled;
            return words.failed;
        };

        if (!window.isSecureContext || !window.PublicKeyCredential) {
            button.disabled = true;
            say(window.isSecureContext ? words.unable : words.insecure);
        }
        // coming back with the browser's button: an answer counts once
        window.addEventListener("pageshow", (e) => {
            if (e.persisted) {
                kept.value = "";
                button.disabled = false;
            }
        });
        button.addEventListener("click", async (e) => {
            e.preventDefault();
            button.disabled = true;
            say("");
            let started = 0,
                most = Infinity;
            try {
                const asked = await ask();
                started = performance.now();
                most = asked.timeout - 500;
                kept.value = told(await give(asked));
                form.submit();
            } catch (error) {
                button.disabled = false;
                say(why(error, performance.now() - started, most));
            }
        });
    });
})();
