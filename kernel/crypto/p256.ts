/**
 * The public point of a P-256 scalar, in BigInt. WebCrypto derives no public key from a bare scalar in every browser, and
 * deterministic keys (RFC 9180 DeriveKeyPair) begin with one. Everything else about P-256 is left to WebCrypto.
 *
 * BigInt is not constant-time: use it on a voter's or officer's own device only, never on a server for others to time.
 * Browser-safe.
 */
import { type Bytes, concat, fromHex, toHex } from './bytes.ts'

const p = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn
export const p256Order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
const gx = 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n
const gy = 0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n

/** Jacobian coordinates: x = X/Z², y = Y/Z³; Z = 0 is the point at infinity. */
type Point = readonly [X: bigint, Y: bigint, Z: bigint]

/** Uncompressed SEC 1 form, 65 bytes. */
export function p256PublicKey(scalar: Uint8Array): Bytes {
  const k = integer(scalar)
  if (scalar.length !== 32 || k === 0n || k >= p256Order) throw new RangeError('not a P-256 private key')
  let [product, power]: [Point, Point] = [
    [0n, 1n, 0n],
    [gx, gy, 1n],
  ]
  for (let bit = 0n; bit < 256n; bit++) {
    const sum = add(product, power)
    if ((k >> bit) & 1n) product = sum
    power = double(power)
  }
  const [X, Y, Z] = product
  const inverse = modPow(Z, p - 2n)
  const squared = mod(inverse * inverse)
  return concat(Uint8Array.of(4), bytes32(mod(X * squared)), bytes32(mod(Y * squared * inverse)))
}

/** dbl-2001-b, for a = -3 (hyperelliptic.org/EFD). */
function double([X, Y, Z]: Point): Point {
  const delta = mod(Z * Z)
  const gamma = mod(Y * Y)
  const beta = mod(X * gamma)
  const alpha = mod(3n * (X - delta) * (X + delta))
  const X3 = mod(alpha * alpha - 8n * beta)
  const sum = Y + Z
  return [X3, mod(alpha * (4n * beta - X3) - 8n * gamma * gamma), mod(sum * sum - gamma - delta)]
}

/** add-1998-cmo-2. Never asked to add a point to itself: the product holds lower bits only than the power. */
function add(a: Point, b: Point): Point {
  const [X1, Y1, Z1] = a
  const [X2, Y2, Z2] = b
  if (Z1 === 0n) return b
  const Z1Z1 = mod(Z1 * Z1)
  const Z2Z2 = mod(Z2 * Z2)
  const U1 = mod(X1 * Z2Z2)
  const S1 = mod(Y1 * Z2 * Z2Z2)
  const H = mod(X2 * Z1Z1 - U1)
  const R = mod(Y2 * Z1 * Z1Z1 - S1)
  const HH = mod(H * H)
  const HHH = mod(H * HH)
  const V = mod(U1 * HH)
  const X3 = mod(R * R - HHH - 2n * V)
  return [X3, mod(R * (V - X3) - S1 * HHH), mod(Z1 * Z2 * H)]
}

function mod(value: bigint): bigint {
  const rest = value % p
  return rest < 0n ? rest + p : rest
}

function modPow(base: bigint, exponent: bigint): bigint {
  let result = 1n
  for (let square = base, rest = exponent; rest > 0n; rest >>= 1n, square = mod(square * square)) {
    if (rest & 1n) result = mod(result * square)
  }
  return result
}

const integer = (bytes: Uint8Array): bigint => BigInt(`0x0${toHex(bytes)}`)
const bytes32 = (value: bigint): Bytes => fromHex(value.toString(16).padStart(64, '0'))
