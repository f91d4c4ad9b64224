/** What applications ask for, as far as pages have words for it: `<text>.scope.<word>`. */
export const spokenScopes = [
  'openid',
  'profile',
  'email',
  'phone',
  'roles',
  'groups',
  'membership',
  'national_id',
  'offline_access',
] as const
