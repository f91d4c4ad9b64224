export { createEgress, type Call, type Egress } from './egress.ts'
