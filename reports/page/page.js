"use strict";
// On paper every reason stands open.
addEventListener("beforeprint", () => { for (const more of document.querySelectorAll("td details")) more.open = true; });

// Sorts, filters, sums and saves the tables of the page. Without it every table still stands whole.
for (const section of document.querySelectorAll("section.table, details.figures")) {
  const table = section.querySelector("table"), body = table.tBodies[0], foot = table.tFoot;
  const heads = [...table.tHead.rows[0].cells];
  const value = cell => cell.dataset.value ?? cell.textContent;
  const isVisible = row => !row.hidden;

  for (const [column, head] of heads.entries()) {
    const button = head.querySelector("button");
    if (!button) continue;
    button.addEventListener("click", () => {
      const isUp = head.getAttribute("aria-sort") === (head.className === "right" ? "descending" : "none");
      for (const other of heads) if (other.hasAttribute("aria-sort")) other.setAttribute("aria-sort", "none");
      head.setAttribute("aria-sort", isUp ? "ascending" : "descending");
      const numeric = head.className === "right";
      const compare = (a, b) => numeric
        ? (parseFloat(a) || 0) - (parseFloat(b) || 0)
        : a.localeCompare(b, "en", {numeric: true});
      const rows = [...body.rows].sort((a, b) => compare(value(a.cells[column]), value(b.cells[column])));
      body.append(...(isUp ? rows : rows.reverse()));
    });
  }

  // Sums are whole numbers of ten-thousandths: no cent is lost to floating point.
  const grains = text => {
    const [whole, part = ""] = text.replace("-", "").split(".");
    const found = BigInt(whole + (part + "0000").slice(0, 4));
    return text.startsWith("-") ? -found : found;
  };
  const shown = (sum, places) => {
    const text = (sum < 0n ? -sum : sum).toString().padStart(5, "0");
    const whole = text.slice(0, -4).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
    return (sum < 0n ? "−" : "") + whole + (places ? "." + text.slice(-4, -4 + places || undefined) : "");
  };
  const totals = foot ? [...foot.rows[0].cells].map(cell => value(cell)) : [];
  const whole = foot ? [...foot.rows[0].cells].map(cell => cell.textContent) : [];
  const box = section.querySelector("input"), count = section.querySelector("output");
  if (box) box.addEventListener("input", () => {
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of body.rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every(word => text.includes(word));
    }
    const rows = [...body.rows].filter(isVisible);
    count.textContent = words.length ? `${rows.length} of ${body.rows.length} rows` : `${body.rows.length} rows`;
    for (const [column, total] of totals.entries()) {
      const cell = foot.rows[0].cells[column];
      if (cell.className !== "right" || whole[column].endsWith("%") || !/^-?\d+(\.\d{1,4})?$/.test(total)) continue;
      const places = (total.split(".")[1] ?? "").length;
      cell.textContent = words.length
        ? shown(rows.reduce((sum, row) => sum + grains(value(row.cells[column]) || "0"), 0n), places)
        : whole[column];
    }
    if (foot) foot.rows[0].cells[0].textContent = words.length ? "Total of these rows" : whole[0];
  });

  const save = section.querySelector(".save");
  if (save) save.addEventListener("click", () => {
    const quoted = text => /[",\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
    const lines = [heads.map(head => head.dataset.name), ...[...body.rows].filter(isVisible).map(row => [...row.cells].map(value))];
    const text = lines.map(line => line.map(quoted).join(",")).join("\n") + "\n";
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(["\ufeff" + text], {type: "text/csv"}));
    link.download = save.dataset.file;
    link.click();
    URL.revokeObjectURL(link.href);
  });
}
