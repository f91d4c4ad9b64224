import { default as qrcode } from 'qrcode-generator'
import { attributes, html } from './html.ts'
import type { Html } from './html.ts'

/** The squares of a QR code as one path in a box of `size` × `size`. */
export function qrPath(text: string): { size: number; d: string } {
  const code = qrcode(0, 'M')
  code.addData(text, 'Byte')
  code.make()
  const size = code.getModuleCount()
  let d = ''
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) if (code.isDark(y, x)) d += `M${x} ${y}h1v1h-1z`
  return { size, d }
}

export function qrCode(text: string, label: string): Html {
  const { size, d } = qrPath(text)
  return html`<svg${attributes({ class: 'qr', viewBox: `0 0 ${size} ${size}`, role: 'img', 'aria-label': label, 'shape-rendering': 'crispEdges' })}><path fill="currentColor" d="${d}"/></svg>`
}
