/**
 * Where networks are, from a file that lies beside the service: nobody outside is asked where our members are. One line for each
 * prefix, `network,country,latitude,longitude`, as in `192.0.2.0/24,IS,64.1,-21.9`; lines that begin with # and a first line of names are
 * passed over. The longest prefix wins. What is not in the table is nowhere, and where something is, is never kept.
 */
import { isIP } from 'node:net'
import type { Place } from './schema.ts'

export type PlaceOf = (network: string) => Place | null

interface Bits {
  readonly bits: bigint
  readonly size: 32 | 128
}

/** @throws Error that names the first line that is not right: a table with a hole would make somebody seem to travel */
export function readPlaces(text: string): PlaceOf {
  const table = new Map<string, Place>()
  const lengths = { 32: new Set<number>(), 128: new Set<number>() }
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#') || line.startsWith('network,')) continue
    const row = readRow(line)
    if (row === null)
      throw new Error(`Line ${index + 1} of the table of places is not network,country,latitude,longitude.`)
    table.set(keyOf(row.at, row.length), row.place)
    lengths[row.at.size].add(row.length)
  }
  const longestFirst = {
    32: [...lengths[32]].sort((a, b) => b - a),
    128: [...lengths[128]].sort((a, b) => b - a),
  }
  return function placeOf(network) {
    const at = bitsOf(network.split('/')[0] ?? '')
    if (at === null) return null
    for (const length of longestFirst[at.size]) {
      const place = table.get(keyOf(at, length))
      if (place !== undefined) return place
    }
    return null
  }
}

function readRow(line: string): { at: Bits; length: number; place: Place } | null {
  const [prefix = '', country = '', north = '', east = '', ...rest] = line
    .split(',')
    .map((cell) => cell.trim())
  const [address = '', bits = ''] = prefix.split('/')
  const at = bitsOf(address)
  const [length, latitude, longitude] = [bits, north, east].map((cell) =>
    cell === '' ? Number.NaN : Number(cell),
  )
  const isRight =
    at !== null &&
    rest.length === 0 &&
    /^[A-Z]{2}$/.test(country) &&
    Number.isInteger(length) &&
    isWithin(length, 1, at.size) &&
    isWithin(latitude, -90, 90) &&
    isWithin(longitude, -180, 180)
  return isRight
    ? {
        at,
        length: length as number,
        place: { country, latitude: latitude as number, longitude: longitude as number },
      }
    : null
}

const isWithin = (value: number | undefined, least: number, most: number): boolean =>
  value !== undefined && value >= least && value <= most

const keyOf = ({ bits, size }: Bits, length: number): string =>
  `${size}/${length}/${(bits >> BigInt(size - length)).toString(16)}`

function bitsOf(address: string): Bits | null {
  const kind = isIP(address)
  if (kind === 4) return { size: 32, bits: joined(address.split('.').map(Number), 8n) }
  if (kind !== 6) return null
  // One spelling, however it came: lower case, hexadecimal, with its zeros left out in one place at most.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')
  const groups = (part: string | undefined) =>
    part === undefined || part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16))
  const [left, right] = [groups(head), groups(tail)]
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => 0)
  return { size: 128, bits: joined([...left, ...zeros, ...right], 16n) }
}

const joined = (parts: readonly number[], width: bigint): bigint =>
  parts.reduce((sum, part) => (sum << width) | BigInt(part), 0n)
