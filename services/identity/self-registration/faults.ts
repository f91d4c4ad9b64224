import { faults } from '@althing/kernel/errors'

/** In the words of RFC 7591, section 3.2.2, and RFC 6750, section 3.1: `errorOf` of the door says which is which. */
export const fault = faults('identity.self-registration', {
  token: [401, 'The token is not one of ours, is over, or was used up.'],
  metadata: [400, 'What the application says about itself is not right.'],
  redirect_uri: [400, 'An address that answers would go to is not right.'],
  statement: [400, 'Statements about software are not taken here. Say what they say in the request itself.'],
  request: [400, 'The request is not one of registration.'],
})
