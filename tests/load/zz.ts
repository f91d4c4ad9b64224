import { policy } from './policy.ts'
console.log(JSON.stringify(await policy(), null, 1))
