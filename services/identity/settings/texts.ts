/** What each setting means, in Icelandic; in English it stands where the setting is declared. By the name that the code has for it. */
export const meanings: Readonly<Record<string, string>> = {
  keyServices:
    'Hver pakkar lyklunum sem undirritunarlyklar liggja undir, sem JSON; sá fyrsti pakkar, hinir opna aðeins: [{"kind": "file", "path": "/run/secrets/kek"}]. Tegundir: file (32 bæti, base64url), aws-kms, gcp-kms, vault og service, þjónustulykillinn sjálfur, sem er venjan. Til að flytja: settu nýja þjónustu fremst, endurræstu alla hnúta, keyrðu „althing keys rewrap“ og taktu þá gömlu burt.',
  egressAllowed:
    'Hýslar, með gátt eða án, sem má kalla á þótt þeir séu innan nets eða ódulritaðir: viðtakendur merkja á sama neti. Allir aðrir verða að vera á https og opnu neti.',
  clientSecretDays:
    'Stjórnendur eru minntir einu sinni með tölvupósti á leyniorð forrits sem er orðið svo margra daga gamalt.',
  clientSecretWarnDays:
    'Hversu mörgum dögum áður en leyniorð forrits rennur út stjórnendur eru minntir á það, hafi einhver sagt hvenær það er.',
  dpopNonce:
    'Hvort DPoP-sönnun verður að bera orð sem við gáfum (RFC 9449, grein 8). „optional“: sá sem hefur lykilinn í höndunum um stund getur búið til sannanir fyrir fram.',
  deviceCodesPerNetwork: 'Hversu marga tækjakóða má reyna frá einu neti á tíu mínútum.',
  keyTokensPerMinute:
    'Fyrir hversu marga aðgangstóka má skipta lykli eins forrits á mínútu: hver þeirra stendur um alla framtíð í atburðaskránni.',
  backchannelPerPerson:
    'Hversu oft eitt forrit má spyrja eina manneskju sem er annars staðar (CIBA) á tíu mínútum; öll forrit samanlagt fjórum sinnum oftar á klukkustund.',
  backchannelPerClient: 'Hversu margar manneskjur eitt forrit má spyrja á tíu mínútum.',
  clientRegistration:
    'Hvort forrit mega skrá sig sjálf (RFC 7591): „token“ hleypir þeim að sem sýna orð sem „clients registration-token create“ bjó til. Þau eru ókunnug og spyrja fólk í hverri setu.',
  clientRegistrationsPerNetwork:
    'Hversu margar beiðnir um eigin skráningu forrit mega senda frá einu neti á klukkustund.',
  clientDocuments:
    'Hvort auðkenni forrits má vera slóð þar sem það segir hvað það er (client id metadata documents). Reglan „mcp“ gildir um það og það fær aðeins heimildir að þjónum sem eru opnir ókunnugum.',
  clientDocumentsPerNetwork:
    'Hversu margar slóðir áður óþekktra forrita er kallað á fyrir eitt net á klukkustund.',
  certificateProxies:
    'Vistföng eða bil, aðskilin með kommum, milliþjóna sem tala TLS við forrit og ná í auðkenningarþjónustuna án gáttarinnar á milli: því sem þeir segja um skilríki er trúað (RFC 8705). Sé enginn nefndur sýnir ekkert forrit skilríki. Vistfang sem sendir beiðnir ókunnugra áfram óbreyttar má ekki vera þar á meðal.',
  certificateHeader:
    'Hausinn sem slíkur milliþjónn sendir skilríkið í: RFC 9440, eða PEM með prósentumerkjum. Sama heiti með -verified segir SUCCESS þegar aðili sem þið treystið hefur undirritað það.',
  riskPolicy:
    'Hvað er gert við innskráningar sem virðast hættulegar. „off“: ekkert; „watch“: sagt er frá þeim og engum er tálmað; „balanced“: frá 40 af 100 fær eigandinn að vita, frá 50 er beðið um annað auðkenni, frá 75 er öðrum setum lokið, frá 90 er neitað; „strict“: frá 20, 40, 60 og 80. Setum lýkur aðeins eftir að annað auðkenni var sýnt, sé það til; rangar tilraunir og endurnýttir lyklar telja aldrei til þess að ljúka eða neita.',
  riskNotifyAt: 'Frá þessum stigum fær eigandinn tölvupóst. Tómt: eins og reglan segir; 101: aldrei.',
  riskStepUpAt: 'Frá þessum stigum er beðið um annað auðkenni. Tómt: eins og reglan segir; 101: aldrei.',
  riskEndSessionsAt:
    'Frá þessum stigum, reiknuðum án rangra tilrauna og endurnýttra tóka, lýkur öllum setum aðgangsins; sé annað auðkenni til, þá eftir að það var sýnt. Tómt: eins og reglan segir; 101: aldrei.',
  riskBlockAt:
    'Frá þessum stigum, reiknuðum á sama hátt, er innskráningu neitað; aldrei á tæki sem eigandinn hefur notað áður. Tómt: eins og reglan segir; 101: aldrei.',
  riskNewDevice: 'Hversu mörg stig af 100 bætast við þegar tækið er nýtt fyrir aðganginn.',
  riskImpossibleTravel: 'Sama fyrir stað sem er of langt frá þeim síðasta til að nokkur hafi komist á milli.',
  riskVelocity: 'Sama fyrir margar rangar tilraunir við aðganginn rétt á undan.',
  riskManyAccounts: 'Sama fyrir net þaðan sem margir aðgangar eru reyndir árangurslaust.',
  riskBreachedPassword: 'Sama fyrir lykilorð sem hefur lekið annars staðar; 0: því er ekki flett upp.',
  riskRefreshReuse: 'Sama fyrir endurnýjunartóka sem var sýndur tvisvar.',
  riskTravelKm: 'Staðir sem eru nær hvor öðrum en þetta (km) teljast einn staður.',
  riskTravelKmh: 'Enginn ferðast hraðar en þetta (km/klst).',
  riskWindowMinutes: 'Hversu margar mínútur aftur í tímann tilraunir eru taldar.',
  riskTries: 'Svo margar rangar tilraunir við einn aðgang á þeim tíma teljast margar.',
  riskNetworks: 'Svo mörg net sem þær koma frá teljast mörg.',
  riskFailingAccounts:
    'Svo margir aðgangar sem eru reyndir árangurslaust frá einu neti á þeim tíma teljast margir; tilraunir við netföng sem eru ekki okkar vega mest þriðjung af því. Forstillingin „meeting“ leyfir tífalt fleiri.',
  riskReuseHours:
    'Hversu margar klukkustundir endurnýjunartóki sem var sýndur tvisvar mælir gegn aðganginum.',
  placesFile:
    'Tafla um hvar net eru, til að þekkja ómögulegar ferðir: línur með „net,land,breidd,lengd“. Lesin við ræsingu. Án hennar þegir það merki.',
  contact:
    'Netfang eða https-síða þar sem fólk nær í þau sem hafa umsjón með aðgöngum. Stendur neðst á innskráningarsíðum og í bréfum til þeirra sem eru með lokaðan aðgang. Án þess er þeim bent á skrifstofuna.',
  alertMail: 'Netföng sem öryggisviðvaranir eru sendar á, með kommum á milli.',
  alertWebhookUrl:
    'Þangað eru öryggisviðvaranir sendar sem JSON, undirritaðar eins og Standard Webhooks mælir fyrir um.',
  alertWebhookSecret:
    'Leyndarmál þeirrar undirritunar: whsec_ og base64 af 24 bætum eða fleiri. Tvö með bili á milli meðan annað tekur við af hinu.',
  alertChatUrl:
    'Vefkrókur spjalls (Slack, Mattermost og önnur sem taka við {"text": …}). Sá sem þekkir hann getur skrifað þar.',
  portalClientSecret:
    'Leyndarmálið sem gáttin sýnir þegar hún sækir tóka; það sama og ALTHING_PORTAL_CLIENT_SECRET.',
  eidClientSecret: 'Leyndarmál okkar hjá rafrænu skilríkjunum.',
  connectors:
    'Aðrar innskráningarþjónustur fyrir félaga, sem JSON: [{"id": "google", "kind": "google", "name": "Google", "clientId": "…", "clientSecret": "…"}]. Tegundir: google (með útgefanda á þessari vél er hún staðgengill í prófunum; hafnað þar sem ALTHING_URL er opið vistfang), microsoft (með útgefanda leigjandans), github, og oidc fyrir hvaða OpenID-útgefanda sem er (með útgefandanum).',
  mailUrl:
    'Hvert tölvupóstur fer: smtp(s)://notandi:lykilorð@hýsill, sendgrid:LYKILL, eða http(s)://… pósthólfs fyrir sýningar. Án þess bíður póstur í biðröð. Lykillinn má senda; megi hann líka breyta útilokunum er pósthólf sem skrifstofan hleypir aftur að einnig tekið af listum SendGrid.',
  mailFallbackUrl: 'Önnur leið fyrir tölvupóst, eins og að ofan, þegar sú fyrri svarar ekki.',
  smsUrl:
    'Hvert SMS fara: twilio://SID:TOKEN@api.twilio.com?from=%2B354… (númer, nafn eða skilaboðaþjónusta MG…; í stað tókans má vera lykill, SK…%3Aleyndarmál), eða http(s)://… pósthólfs fyrir sýningar. Án þess bjóðast engir kóðar í SMS.',
  smsFallbackUrl: 'Önnur leið fyrir SMS, eins og að ofan, þegar sú fyrri svarar ekki.',
  turnstileSecret: 'Leyndarmál Turnstile, sem svör þess eru staðfest með.',
  alertFrom: 'Viðvaranir af þessum þunga og þyngri eru sagðar á þessum stöðum; allar standa í stjórnborðinu.',
  alertPerHour:
    'Hversu margar viðvaranir hver þessara staða fær á klukkustund. Það sem er umfram stendur í stjórnborðinu og ein lína segir hve margar voru ekki sagðar.',
  alertLocale: 'Tungumálið á viðvörunum í tölvupósti og spjalli.',
  alertDays:
    'Hversu marga daga afgreidd viðvörun er geymd. Opin viðvörun sem sést ekki aftur svo lengi telst afgreidd.',
  codesByMail:
    'Hvort kóðar í tölvupósti mega vera annað skref. Samkvæmt NIST SP 800-63B-4 eru þeir ekki auðkenni og seta með þeim fær ekki stigið „mfa“. Undir forstillingunni „nist-aal3“ er hvorug gerð kóða í boði.',
  codesBySms:
    'Hvort kóðar í SMS mega vera annað skref; takmarkað auðkenni samkvæmt NIST SP 800-63B-4, og seta með þeim fær ekki stigið „mfa“. Aldrei undir forstillingunni „nist-aal3“.',
  smsPrefixes:
    'Upphaf þeirra símanúmera sem SMS fara til, með kommum á milli (+354,+45); önnur númer er hvorki hægt að staðfesta né senda á. Hvert upphaf í viðbót er reikningur sem aðrir geta hækkað.',
  smsPerHour:
    'SMS alls hússins á klukkustund, sem takmarkar reikninginn; síðan fer ekkert út fyrr en klukkustundin er liðin.',
  codesPerNetwork:
    'Kóðar í tölvupósti og SMS á klukkustund fyrir eitt net; salur fullur af fólki er eitt net.',
  tokenIssuers:
    'Aðrir útgefendur sem tekið er við innskráningum frá meðan félag flytur sig yfir, sem JSON. Slík innskráning má skoða það sem er manns eigið og ekkert annað; lestu decisions/0018-tokens-of-other-issuers.md.',
  deliveryDays: 'Hversu marga daga geymt er hvað varð um bréf og SMS.',
  mailEventsKey:
    'Dreifilykill undirritaðra atburða hjá SendGrid. Með honum heyrist hvað varð um bréf; án hans er enginn heyrður þar.',
  eidIssuer: 'OpenID-útgefandi rafrænu skilríkjanna; án hans er enginn slíkur hnappur.',
  eidClientId: 'Auðkenni okkar hjá rafrænu skilríkjunum.',
  eidScope: 'Hvað beðið er um hjá rafrænu skilríkjunum.',
  exportDays: 'Hversu marga daga er hægt að sækja safn með eigin gögnum.',
  erasureDays: 'Hversu marga daga er hægt að hætta við eyðingu.',
  mailFrom: 'Sendandi tölvupósts.',
  passwordMemoryKib: 'Minni sem eitt lykilorðshakk (Argon2id) notar, í KiB.',
  passwordPasses: 'Umferðir í einu lykilorðshakki (Argon2id).',
  passwordQueue:
    'Hversu margar athuganir á lykilorðum mega bíða; þau sem koma á eftir eru beðin að koma aftur.',
  passwordMinimum: 'Hversu marga stafi nýtt lykilorð þarf.',
  preset:
    'Hvaða reglubók lykilorð og setur fylgja. „suma“ og „pci-4.0.1“ vilja fjórar tegundir stafa, hafna síðustu fimm lykilorðum og ljúka ónotaðri setu eftir 15 mínútur; „nist-aal2“ leyfir kóða í tölvupósti og SMS, en þeir gefa ekki stigið „mfa“; „nist-aal3“ vill 15 stafi og býður hvorugt; „meeting“ hefur mörk fyrir sal fullan af fólki á einu neti.',
  breachUrl:
    'Þar er flett upp hvort lykilorð hafi lekið, eftir fyrstu fimm stöfum SHA-1 þess; tómt: alls ekki. Svari enginn getur samt hver sem er valið sér lykilorð.',
  signInPerAccount:
    'Innskráningar á mínútu með einu netfangi frá einu neti, eða frá einu tæki sem aðgangurinn þekkir.',
  signInPerAccountEverywhere:
    'Innskráningar á mínútu með einu netfangi frá öllum netum samanlagt; þekkt tæki eru ekki talin með.',
  signInPerNetwork: 'Innskráningar á mínútu frá einu neti; salur fullur af fólki er eitt net.',
  beginningsPerNetwork:
    'Hversu oft má hefja innskráningu, beiðni forrits eða tengingu tækis frá einu neti á mínútu, áður en nokkur hefur sýnt hver hann er.',
  eidPerBrowser: 'Hversu oft má koma til baka frá rafrænum skilríkjum úr einum vafra á tíu mínútum.',
  eidPerNetwork: 'Hversu oft má koma til baka frá rafrænum skilríkjum af einu neti á tíu mínútum.',
  lockAfter: 'Röng lykilorð eða kóðar frá einu neti, eða einu þekktu tæki, þar til það par þarf að bíða.',
  shutAfter: 'Rangar tilraunir í röð frá ókunnum stöðum þar til auðkenni opnar ekkert þaðan.',
  lockMinutes: 'Hversu margar mínútur þær eru taldar og hversu löng biðin er.',
  sessionIdleMinutes: 'Setu sem er ónotuð svo margar mínútur lýkur.',
  administratorIdleMinutes: 'Sama fyrir stjórnendur og yfirstjórnendur.',
  sessionMinutes: 'Setu lýkur eftir svo margar mínútur, hvort sem hún er notuð eða ekki.',
  rememberDays: 'Hversu marga daga seta endist á tæki sem eigandinn bað um að yrði munað.',
  freshMinutes: 'Hversu margar mínútur sönnun um hver maður er dugar fyrir það sem skiptir máli.',
  loginEventDays: 'Hversu marga daga geymt er hver skráði sig inn eða reyndi það.',
  sessionsPerAccount: 'Fjöldi seta einnar manneskju; ein í viðbót lýkur þeirri elstu.',
  registration:
    'Hver má fá aðgang: hver sem sannar netfang („open“), hver sem stjórnandi hleypir inn eftir það („approval“), eða aðeins þau sem fá hann gefinn („closed“).',
  registrationsPerAddress: 'Umsóknir með einu netfangi á dag; sé beðið oftar er svarað eins og ekkert sent.',
  registrationsPerNetwork: 'Umsóknir frá einu neti á klukkustund.',
  termsUrl:
    'Hvar hægt er að lesa skilmálana sem fólk samþykkir, liggi þeir ekki í möppunni; {version} og {lang} er fyllt út. Án slóðar og án skjals í möppunni er enginn beðinn um að samþykkja skilmála.',
  privacyUrl: 'Hvar hægt er að lesa hvernig farið er með persónugögn, á sama hátt.',
  consentVersion:
    'Útgáfa þeirra texta, geymd með hverju samþykki. Breytist hún eru allir spurðir aftur við næstu innskráningu.',
  textsFolder:
    'Mappa með þessum textum, sem þjónustan birtir á slóð fyrir hverja útgáfu: terms-1.is.txt, terms-1.en.txt, privacy-1.is.txt, privacy-1.en.txt. Textar eldri útgáfna liggja þar áfram. Lesin við ræsingu.',
  paperCodeDays: 'Hversu marga daga kóði virkar sem var afhentur á pappír.',
  activationHours: 'Hversu margar klukkustundir virkjunarslóð virkar.',
  recoveryMinutes: 'Hversu margar mínútur slóð fyrir gleymt lykilorð virkar.',
  magicLinkMinutes: 'Hversu margar mínútur slóð virkar sem skráir einhvern inn.',
  magicLinksPerAddress:
    'Innskráningarslóðir á eitt netfang á klukkustund; sé beðið oftar er svarað eins og ekkert sent.',
  recoveriesPerAddress:
    'Slóðir fyrir gleymt lykilorð á eitt netfang á klukkustund; sé beðið oftar er svarað eins og ekkert sent.',
  recoveriesPerNetwork: 'Beiðnir um slíkar slóðir frá einu neti á klukkustund.',
  attestation:
    'Hvers opin eyðublöð (aðgangur, gleymt lykilorð, fyrsta skref innskráningar) krefjast áður en nokkuð annað gerist: einskis („none“), eða svars frá Cloudflare Turnstile. Forskrift þess keyrir á síðunum; lestu decisions/0016-attestation.md áður en kveikt er á því.',
  attestationWhenAway:
    'Hvað gerist meðan þjónusta staðfestingarinnar svarar ekki: „refuse“ heldur öllum úti, „let-in“ hleypir öllum inn og telur það.',
  turnstileSiteKey: 'Lykill Turnstile fyrir síðurnar; hann sést á þeim.',
  turnstileUrl: 'Hvar svör Turnstile eru staðfest; önnur slóð aðeins á þessari vél, í prófunum.',
  feedWaitMs: 'Hversu margar millisekúndur þjónusta sem spyr um afturkallanir er látin bíða.',
}
