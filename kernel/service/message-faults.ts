import { faults } from '../errors/index.ts'

/**
 * What is not understood stays with its sender, who tries again for a day: while two versions run side by side, nothing that only the
 * newer one knows is taken for something else, or lost.
 */
export const messageFault = faults('kernel.messages', {
  unknown_topic: [422, 'This service does not understand such messages from that sender.'],
  unread: [
    422,
    'This service does not understand what this message says. Its sender may be of a newer version.',
  ],
})
