/* The few listeners of the portal. Every page works without them; nothing here builds pages or decides anything. */
(() => {
  "use strict";

  const text = (name) => document.body.dataset[name] || "";
  const typing = (element) => element.matches("input, textarea, select, [contenteditable]");

  /* What changed and is not saved ---------------------------------------- */

  const dirty = new Set();
  const edits = new WeakMap();

  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-guard]");
    if (!form) return;
    dirty.add(form);
    edits.set(form, (edits.get(form) || 0) + 1);
  });

  window.addEventListener("beforeunload", (event) => {
    for (const form of dirty) if (!form.isConnected) dirty.delete(form);
    if (dirty.size) {
      event.preventDefault();
      event.returnValue = text("textUnsaved");
    }
  });

  /* A second click sends nothing ----------------------------------------- */

  const release = (form) => {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("button[data-held]")) {
      button.disabled = false;
      delete button.dataset.held;
    }
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    dirty.delete(form);
    if (form.method !== "post" || form.target) return;
    form.dataset.sent = "yes";
    // After the browser has read the form, so that the pressed button's own value is sent.
    setTimeout(() => {
      for (const button of form.querySelectorAll("button:not([disabled])")) {
        button.disabled = true;
        button.dataset.held = "yes";
      }
    });
    // A download leaves the page where it is.
    setTimeout(() => release(form), 10000);
  });

  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));

  /* Menus and keys -------------------------------------------------------- */

  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (menu !== except && !menu.contains(except)) menu.open = false;
    }
  };

  document.addEventListener("click", (event) => {
    closeMenus(event.target);
    if (event.target.closest("[data-print]")) window.print();
  });

  for (const button of document.querySelectorAll("[data-print]")) button.hidden = false;

  const step = (list, by) => {
    const links = [...list.querySelectorAll("a[href]")];
    const here = links.indexOf(document.activeElement);
    const from = here >= 0 ? here : links.findIndex((link) => link.hasAttribute("aria-current"));
    const next = links[Math.min(Math.max(from + by, 0), links.length - 1)];
    if (!next) return;
    next.focus();
    next.scrollIntoView({ block: "nearest" });
    if (next.hasAttribute("hx-get")) next.click();
  };

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      const search = document.querySelector("[data-search]");
      if (search) {
        event.preventDefault();
        search.focus();
        search.select();
      }
    } else if (event.key === "Escape") {
      const open = document.querySelector("details[data-menu][open]");
      closeMenus(null);
      if (open) open.querySelector("summary").focus();
    } else if ((event.key === "j" || event.key === "k") && !event.ctrlKey && !event.altKey && !event.metaKey) {
      const list = document.querySelector("[data-keys]");
      if (list && !typing(event.target)) step(list, event.key === "j" ? 1 : -1);
    }
  });

  /* Notices of our own, focus, announcements ------------------------------ */

  const say = (message) => {
    const live = document.getElementById("live");
    if (live) live.textContent = message;
  };

  const warn = (message, url, label) => {
    const box = document.createElement("div");
    box.className = "notice notice-block";
    box.setAttribute("role", "alert");
    const words = document.createElement("div");
    words.textContent = message + " ";
    if (url) {
      const link = document.createElement("a");
      link.href = url;
      link.target = "_blank";
      link.rel = "noopener";
      link.textContent = label;
      words.append(link);
    }
    box.append(words);
    const flashes = document.getElementById("flashes");
    box.dataset.warning = "";
    if (flashes) flashes.replaceChildren(box);
    box.scrollIntoView({ block: "nearest" });
  };

  const focusIn = (root) => {
    const target = root.querySelector("[data-focus]");
    if (target) target.focus();
  };

  /* A file input in the language of the page ------------------------------ */

  const nameFiles = (input) => {
    const shown = input.closest(".file-control").querySelector(".file-chosen");
    // The server would refuse the whole form, after a long wait on a slow line.
    const large = [...input.files].some((file) => file.size > Number(shown.dataset.mostMb) * 1024 * 1024);
    if (large) input.value = "";
    const names = [...input.files].map((file) => file.name).join(", ");
    shown.textContent = large ? shown.dataset.tooLarge : names || shown.dataset.empty;
    shown.classList.toggle("is-file", Boolean(names));
    shown.classList.toggle("is-wrong", large);
    if (large) say(shown.dataset.tooLarge);
  };

  document.addEventListener("change", (event) => {
    if (event.target.matches(".file-control > input")) nameFiles(event.target);
  });

  // What a page kept when one comes back to it.
  window.addEventListener("pageshow", () => document.querySelectorAll(".file-control > input").forEach(nameFiles));

  /* htmx ------------------------------------------------------------------ */

  const saveMark = () => document.getElementById("save-mark");

  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.detail.elt;
    if (!form.matches("[data-autosave]")) return;
    form.dataset.sending = edits.get(form) || 0;
    const mark = saveMark();
    if (mark) mark.textContent = text("textSaving");
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt.closest("form");
    if (!form) return;
    release(form);
    if (form.matches("[data-autosave]")) {
      // "Saving…" must not stand when nothing was saved, nor a warning that is over.
      const mark = saveMark();
      if (event.detail.successful) document.querySelectorAll("#flashes [data-warning]").forEach((box) => box.remove());
      else if (mark && mark.textContent === text("textSaving")) mark.textContent = text("textNotSaved");
    }
    // What was typed while the request was under way is not saved by it.
    if (event.detail.successful && Number(form.dataset.sending) === (edits.get(form) || 0)) dirty.delete(form);
  });

  // An expired session must not take away a page with unsaved text.
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const answer = event.detail.xhr;
    if (answer.status === 401 && dirty.size) {
      event.preventDefault();
      warn(text("textExpired"), answer.getResponseHeader("HX-Redirect") || "/", text("textSignIn"));
    }
    const token = answer.status === 400 && answer.getResponseHeader("X-Fresh-Token");
    if (token) {
      event.preventDefault();
      for (const field of document.querySelectorAll("input[name=csrf_token]")) field.value = token;
      const again = event.detail.requestConfig.triggeringEvent;
      const form = event.detail.elt;
      if (again && !form.dataset.retried) {
        form.dataset.retried = "yes";
        form.dispatchEvent(new Event(again.type, { bubbles: true, cancelable: true }));
      }
    }
  });

  // Only refusals that are ours say where they belong; a proxy's page is not shown inside ours.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const answer = event.detail.xhr;
    const ours = answer.status < 400 || answer.status === 422 || answer.getResponseHeader("HX-Retarget");
    if (!ours) {
      event.detail.shouldSwap = false;
      if (answer.status !== 400 && answer.status !== 401) warn(text("textOffline"));
    }
  });

  // An answer that comes late must not push what has the focus off the screen.
  let inSight = false;

  const seen = (element) => {
    const box = element.getBoundingClientRect();
    return box.bottom > 0 && box.top < window.innerHeight;
  };

  document.addEventListener("htmx:beforeSwap", () => {
    inSight = seen(document.activeElement);
  });

  document.addEventListener("htmx:afterSwap", () => {
    if (inSight && !seen(document.activeElement)) document.activeElement.scrollIntoView({ block: "nearest" });
  });

  document.addEventListener("htmx:sendError", () => warn(text("textOffline")));

  document.addEventListener("htmx:afterSettle", (event) => {
    const root = event.detail.target;
    // What saves itself takes the cursor from nobody who writes.
    if (!event.detail.requestConfig.elt.matches("[data-autosave]")) focusIn(root);
    const announced = root.querySelector("[data-announce]") || root.closest("[data-announce]");
    if (announced) say(announced.dataset.announce || announced.textContent.trim());
    pickers(root);
  });

  /* A long list of choices as a box to type in ---------------------------- */

  const bare = (name) => name.toLocaleLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d");

  const pick = (select) => {
    const box = document.createElement("div");
    const chosen = document.createElement("ul");
    const input = document.createElement("input");
    const list = document.createElement("datalist");
    box.className = "picker";
    chosen.className = "picker-chosen";
    input.className = "form-control";
    input.autocomplete = "off";
    input.id = select.id;
    list.id = select.id + "-choices";
    input.setAttribute("list", list.id);
    for (const name of ["aria-describedby", "aria-invalid"]) {
      if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
    }
    select.removeAttribute("id");
    select.hidden = true;
    const options = [...select.options];
    const show = () => {
      chosen.replaceChildren(
        ...options.filter((option) => option.selected).map((option) => {
          const item = document.createElement("li");
          const button = document.createElement("button");
          button.type = "button";
          button.className = "chip chip-blue";
          button.textContent = option.label + " ×";
          button.setAttribute("aria-label", text("textRemove") + " " + option.label);
          button.addEventListener("click", () => {
            choose(option, false);
            input.focus();
          });
          item.append(button);
          return item;
        }),
      );
      list.replaceChildren(...options.filter((option) => !option.selected).map((option) => new Option(option.label)));
    };
    const choose = (option, selected) => {
      option.selected = selected;
      show();
      say(option.label);
      select.dispatchEvent(new Event("input", { bubbles: true }));
      select.dispatchEvent(new Event("change", { bubbles: true }));
    };
    const take = (option) => {
      input.value = "";
      choose(option, true);
    };
    /* Of both names, "Nhật Bản (Japan)", and without accents. */
    const fitting = () => {
      const start = bare(input.value.trim());
      const fits = (label) => label.startsWith(start) || label.includes("(" + start);
      return start ? options.filter((each) => !each.selected && fits(bare(each.label))) : [];
    };
    input.addEventListener("input", () => {
      const option = options.find((each) => each.label.toLocaleLowerCase() === input.value.trim().toLocaleLowerCase());
      if (option) take(option);
    });
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      const [first] = fitting();
      if (first) take(first);
    });
    input.addEventListener("change", () => {
      const fits = fitting();
      if (fits.length === 1) take(fits[0]);
    });
    select.before(box);
    box.append(chosen, input, list, select);
    show();
  };

  const pickers = (root) => root.querySelectorAll("select[data-picker][id]").forEach(pick);

  pickers(document);
  focusIn(document);
})();
