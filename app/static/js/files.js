/* Dropping a file onto the label of a file field: the field takes it, and says its name. Nothing is
   sent by dropping alone. Without scripts the field itself takes what is dropped on it. */
(() => {
    "use strict";
    const has = (event) => event.dataTransfer && event.dataTransfer.types.includes("Files");
    for (const place of document.querySelectorAll("[data-drop]")) {
        const field = place.querySelector("input[type=file]");
        const told = document.createElement("span");
        told.setAttribute("role", "status");
        told.className = "visually-hidden";
        place.after(told);
        const mark = (over) => place.classList.toggle("over", over);
        field.addEventListener("change", () => {
            told.textContent = [...field.files].map((file) => file.name).join(", ");
        });
        place.addEventListener("dragover", (event) => {
            if (has(event)) {
                event.preventDefault();
                mark(true);
            }
        });
        place.addEventListener("dragleave", () => mark(false));
        place.addEventListener("drop", (event) => {
            if (!has(event)) return;
            event.preventDefault();
            mark(false);
            field.files = event.dataTransfer.files;
            field.dispatchEvent(new Event("change"));
        });
    }
})();
