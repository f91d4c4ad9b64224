/** The only page of the example. */
const safe = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
const button = (action: string, label: string) =>
  `<form method="post" action="${action}"><button>${label}</button></form>`

/** @param name of whoever is signed in */
export const page = (message = '', name?: string, notes: readonly string[] = []): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>The example</title>
<style>:root { color-scheme: light dark } body { font: 1.1rem/1.5 system-ui; max-width: 40rem; margin: 2rem auto; padding: 0 1rem }</style>
<main>
<h1>${name === undefined ? 'Welcome' : `Hello, ${safe(name)}`}</h1>
${message === '' ? '' : `<p>${safe(message)}</p>`}
${
  name === undefined
    ? '<p><a href="/sign-in">Sign in</a></p>'
    : `<ul>${notes.map((note) => `<li>${safe(note)}</li>`).join('')}</ul>
${button('/notes', 'Write a note')}${button('/sign-out', 'Sign out everywhere')}`
}
</main>
</html>`
