// SPDX-License-Identifier: GPL-3.0-or-later
// What the test page says, in each language it knows. English is complete; what another language
// lacks is said in English.

const WORDS = {
  en: {
    title: 'Do calls work from here?',
    waiting: 'One moment',
    connecting: 'Trying the ways to the relay…',
    measuring: 'A call gets through. Measuring how well…',
    good: 'Calls get through from here, even where networks are strict.',
    'limited-udp': 'Calls get through from here, but not over UDP.',
    'limited-udp-remedy':
      'This network blocks UDP. Calls take a detour, and may stutter when it is busy.',
    'limited-tcp': 'Calls get through from here, but not over TCP.',
    'limited-tcp-remedy':
      'The relay’s TCP port cannot be reached. Networks that block UDP would need it.',
    'limited-tls': 'Calls get through from here, but not over TLS.',
    'limited-tls-remedy':
      'Networks that only allow HTTPS would need it. The relay’s certificate may not be ' +
      'one that browsers trust.',
    'no-tls': 'Calls get through from here.',
    'no-tls-remedy': 'The relay offers no TLS: from networks that only allow HTTPS they would not.',
    bad: 'Calls do not get through from here.',
    'bad-remedy':
      'This browser reached this page, but not the relay. Its ports may be closed, or the ' +
      'address it tells may be wrong.',
    'no-relay': 'The relay is not running.',
    'no-relay-remedy': 'Once it runs, ask for a new link.',
    used: 'This link was used, or is too old.',
    'used-remedy': 'Each link opens the test once. Ask for a new one where you got this one.',
    lost: 'The connection to the relay’s page was lost.',
    'lost-remedy': 'Ask for a new link, and try again.',
    'no-webrtc': 'This browser cannot make calls.',
    'no-webrtc-remedy': 'WebRTC is off or missing. Try another browser.',
    ways: 'Ways to the relay',
    udp: 'UDP',
    tcp: 'TCP',
    tls: 'TLS',
    trying: 'trying…',
    works: 'works, after {ms} ms',
    failed: 'does not work',
    'not-offered': 'not offered',
    figures: 'Quality',
    rtt: 'Round trip',
    jitter: 'Jitter',
    loss: 'Lost packets',
    throughput: 'Throughput',
    candidates: 'Addresses that were found',
    kind: 'Kind',
    'kind-host': 'This device',
    'kind-srflx': 'Seen by a server',
    'kind-prflx': 'Seen by the peer',
    'kind-relay': 'Relay',
    protocol: 'Protocol',
    address: 'Address',
  },
  de: {
    title: 'Funktionieren Anrufe von hier?',
    waiting: 'Einen Moment',
    connecting: 'Die Wege zum Relay werden probiert…',
    measuring: 'Ein Anruf kommt durch. Wie gut, wird gemessen…',
    good: 'Anrufe kommen von hier durch, auch aus strengen Netzen.',
    'limited-udp': 'Anrufe kommen von hier durch, aber nicht über UDP.',
    'limited-udp-remedy':
      'Dieses Netz sperrt UDP. Anrufe nehmen einen Umweg und können stocken, wenn viel los ' +
      'ist.',
    'limited-tcp': 'Anrufe kommen von hier durch, aber nicht über TCP.',
    'limited-tcp-remedy':
      'Der TCP-Port des Relays ist nicht zu erreichen. Netze, die UDP sperren, brauchen ' +
      'ihn.',
    'limited-tls': 'Anrufe kommen von hier durch, aber nicht über TLS.',
    'limited-tls-remedy':
      'Netze, die nur HTTPS erlauben, brauchen es. Vielleicht trauen Browser dem ' +
      'Zertifikat des Relays nicht.',
    'no-tls': 'Anrufe kommen von hier durch.',
    'no-tls-remedy':
      'Das Relay bietet kein TLS an: Aus Netzen, die nur HTTPS erlauben, kämen sie nicht ' +
      'durch.',
    bad: 'Anrufe kommen von hier nicht durch.',
    'bad-remedy':
      'Dieser Browser hat diese Seite erreicht, aber nicht das Relay. Vielleicht sind ' +
      'dessen Ports geschlossen, oder es nennt eine falsche Adresse.',
    'no-relay': 'Das Relay läuft nicht.',
    'no-relay-remedy': 'Ein neuer Link hilft, sobald es läuft.',
    used: 'Dieser Link wurde schon benutzt oder ist zu alt.',
    'used-remedy': 'Jeder Link öffnet den Test einmal. Einen neuen gibt es dort, wo dieser herkam.',
    lost: 'Die Verbindung zur Seite des Relays ist abgerissen.',
    'lost-remedy': 'Mit einem neuen Link geht es von vorn los.',
    'no-webrtc': 'Dieser Browser kann keine Anrufe.',
    'no-webrtc-remedy':
      'WebRTC ist abgeschaltet oder fehlt. Ein anderer Browser kann es vielleicht.',
    ways: 'Wege zum Relay',
    trying: 'wird probiert…',
    works: 'geht, nach {ms} ms',
    failed: 'geht nicht',
    'not-offered': 'nicht angeboten',
    figures: 'Qualität',
    rtt: 'Hin und zurück',
    jitter: 'Schwankung',
    loss: 'Verlorene Pakete',
    throughput: 'Durchsatz',
    candidates: 'Gefundene Adressen',
    kind: 'Art',
    'kind-host': 'Dieses Gerät',
    'kind-srflx': 'Vom Server gesehen',
    'kind-prflx': 'Von der Gegenstelle gesehen',
    'kind-relay': 'Relay',
    protocol: 'Protokoll',
    address: 'Adresse',
  },
};

export const language = navigator.languages.map((tag) => tag.toLowerCase().split('-')[0])
  .find((tag) => tag in WORDS) ?? 'en';

// What is said for this name; values stand in for {name}s.
export function say(name, values = {}) {
  const text = WORDS[language][name] ?? WORDS.en[name] ?? '';
  return text.replace(/\{(\w+)\}/g, (_, value) => values[value]);
}

export function number(value, digits = 0) {
  return value.toLocaleString(language,
    { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
