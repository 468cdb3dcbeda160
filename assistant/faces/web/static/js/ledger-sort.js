/** The heads of the ledger's columns: each sorts all pages, by the same field of the form as the list of orders. */

/**
 * Let the heads set `field`, a select whose values are columns, with - downwards: up, down, and back to the documents' order.
 * Gives what shows the heads as the field says; call it before each list.
 */
export function sortable(heads, field, show) {
  const buttons = [...heads.querySelectorAll("[data-sort]")];
  for (const button of buttons) {
    const column = button.dataset.sort;
    button.addEventListener("click", () => {
      field.value = field.value === column ? `-${column}` : field.value === `-${column}` ? "" : column;
      show();
    });
  }
  return () => {
    for (const button of buttons) {
      const column = button.dataset.sort;
      const order = field.value === column ? "ascending" : field.value === `-${column}` ? "descending" : "none";
      button.closest("th").setAttribute("aria-sort", order);
    }
  };
}

/** What a list is sorted by, in words; empty for the documents' own order. */
export const sortedBy = (field) => (field.value ? `；按${field.selectedOptions[0].textContent}` : "");
