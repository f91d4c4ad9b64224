/** Roles as letters name them. */
type Locale = 'is' | 'en'

const roleWords: Readonly<Record<Locale, Readonly<Record<string, string>>>> = {
  en: {
    member: 'member',
    'election-manager': 'election manager',
    administrator: 'administrator',
    superadmin: 'superadministrator',
    developer: 'developer',
    operator: 'operator',
    auditor: 'auditor',
  },
  is: {
    member: 'félagi',
    'election-manager': 'kosningastjóri',
    administrator: 'stjórnandi',
    superadmin: 'yfirstjórnandi',
    developer: 'forritari',
    operator: 'rekstraraðili',
    auditor: 'endurskoðandi',
  },
}

export const roleIn = (locale: Locale, role: string): string => roleWords[locale][role] ?? role
