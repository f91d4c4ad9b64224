/** Which addresses are of the public internet: everything that the registries of special-purpose addresses (RFC 6890) do not name. */
import { BlockList, isIP } from 'node:net'

const special = new BlockList()
const ranges4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
]
/** Of IPv6 only what is given out at all (2000::/3) is public, without what lies within it for other purposes. */
const ranges6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']

for (const range of ranges4) add(range, 'ipv4')
for (const range of ranges6) add(range, 'ipv6')
const given = new BlockList()
given.addSubnet('2000::', 3, 'ipv6')

function add(range: string, family: 'ipv4' | 'ipv6'): void {
  const [address = '', bits = '0'] = range.split('/')
  special.addSubnet(address, Number(bits), family)
}

export function isPublic(address: string): boolean {
  if (isIP(address) === 4) return !special.check(address, 'ipv4')
  return isIP(address) === 6 && given.check(address, 'ipv6') && !special.check(address, 'ipv6')
}
