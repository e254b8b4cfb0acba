/* How far a batch has come, without loading its page again and again. The page refreshes itself where
   no script runs. */
(() => {
    "use strict";
    const spot = document.querySelector("[data-batch]"),
        spoken = document.querySelector("[data-batch-spoken]");
    if (!spot) return;
    const EVERY = 1000,
        SPOKEN_EVERY = 10000;
    let told = Date.now();
    const look = async () => {
        const answer = document.hidden
            ? null
            : await fetch(spot.dataset.batch, { redirect: "manual" }).catch(() => null);
        if (answer?.ok) {
            const page = new DOMParser().parseFromString(await answer.text(), "text/html"),
                part = page.querySelector("[data-batch-state]");
            if (!part || "over" in part.dataset) {
                location.reload(); // the result is another page
                return;
            }
            spot.replaceChildren(part);
            document.title = document.title.replace(/^.*?(?= · )/, part.dataset.title);
            if (Date.now() - told >= SPOKEN_EVERY) {
                told = Date.now();
                spoken.textContent = part.dataset.spoken;
            }
        }
        setTimeout(look, EVERY);
    };
    setTimeout(look, EVERY);
})();
