/** How somebody came, as texts speak of it: `outside:firebase` is a kind of way, and the name of whose token it was. */
export function wayOf(method: string): { readonly method: string; readonly name: string } {
  const [kind = '', name = ''] = method.split(':')
  return { method: kind.replaceAll('-', '_'), name }
}
