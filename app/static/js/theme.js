/* Before anything is drawn: that scripts run, and the theme that was chosen in this browser.
   Nothing chosen: as the system says. */
(() => {
    "use strict";
    const root = document.documentElement;
    root.classList.add("js");
    try {
        const chosen = localStorage.getItem("meibo-theme");
        if (chosen === "light" || chosen === "dark") root.dataset.bsTheme = chosen;
    } catch {
        // A browser that keeps nothing follows the system.
    }
})();
