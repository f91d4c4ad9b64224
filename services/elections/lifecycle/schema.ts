import { z } from 'zod'
import { AdminElection, ElectionId } from '../contract.ts'

export const ElectionPath = z.object({ id: ElectionId })
export const Answered = z.object({ success: z.literal(true), election: AdminElection })
export const Accepted = z.object({ accepted: z.boolean() })
