// Says that files are too large before they are sent; the server says it too.
const MB = 1024 ** 2;

for (const field of document.querySelectorAll("input[type=file][data-most-mb]")) {
  const error = document.getElementById(`${field.id}_error`);
  field.addEventListener("change", () => {
    const bytes = [...field.files].reduce((sum, file) => sum + file.size, 0);
    const isTooMuch = bytes > field.dataset.mostMb * MB || field.files.length > field.dataset.mostFiles;
    error.hidden = !isTooMuch;
    field.setCustomValidity(isTooMuch ? error.textContent : "");
  });
  field.form.addEventListener("submit", (event) => {
    if (field.validationMessage) {
      event.preventDefault();
      field.focus();
    }
  });
}
