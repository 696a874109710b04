// Tables are sorted by a click on a heading; nothing else needs a script.
(function () {
  "use strict";

  function valueOf(row, column) {
    return row.cells[column].dataset.value;
  }

  function compare(first, second, numeric) {
    if (first === "" || second === "") {
      return (first === "") - (second === ""); // what is missing comes last, either way
    }
    return numeric ? Number(first) - Number(second) : first.localeCompare(second);
  }

  function sortBy(heading) {
    const table = heading.closest("table");
    const body = table.tBodies[0];
    const column = heading.cellIndex;
    const numeric = heading.classList.contains("number");
    const descending = heading.getAttribute("aria-sort") === "ascending";
    const rows = Array.from(body.rows);
    const direction = descending ? -1 : 1;
    rows.sort(function (a, b) {
      const first = valueOf(a, column);
      const second = valueOf(b, column);
      const order = compare(first, second, numeric);
      return first === "" || second === "" ? order : direction * order;
    });
    for (const other of table.tHead.rows[0].cells) {
      other.removeAttribute("aria-sort");
    }
    heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
    body.append(...rows);
  }

  document.addEventListener("click", function (event) {
    const button = event.target.closest("th button");
    if (button) {
      sortBy(button.closest("th"));
    }
  });

  // On paper nothing can be unfolded later.
  window.addEventListener("beforeprint", function () {
    for (const details of document.querySelectorAll("details.print")) {
      details.open = true;
    }
  });
})();
