/** The button that shows a password: there only when this runs, and the password is hidden again before it is sent. */
export function enableShowPassword(root: Document = document): void {
  for (const button of root.querySelectorAll<HTMLButtonElement>('[data-show-password]')) {
    const input = root.getElementById(button.dataset['showPassword'] ?? '')
    if (!(input instanceof HTMLInputElement)) continue
    const show = (shown: boolean) => {
      input.type = shown ? 'text' : 'password'
      button.setAttribute('aria-pressed', String(shown))
      button.textContent = (shown ? button.dataset['hide'] : button.dataset['show']) ?? ''
    }
    button.addEventListener('click', () => show(input.type === 'password'))
    input.form?.addEventListener('submit', () => show(false))
    button.hidden = false
  }
}

/** After an error, the keyboard begins at the summary of what is wrong. */
export function focusSummary(root: ParentNode = document): void {
  root.querySelector<HTMLElement>('[data-focus]')?.focus()
}
