/** The languages of the summary: ISO 639-1. */
export const languages = ["en", "de", "fr", "es", "it", "pt", "nl", "ja"] as const;
export type Language = (typeof languages)[number];

/** The phrases of one language. `{…}` stands for a value. */
export interface Phrases {
  /** BCP 47, for plurals and dates. */
  readonly locale: string;
  /** By plural category of the count; `other` is the default. */
  readonly openCases: { readonly one?: string; readonly other: string };
  readonly noOpenCases: string;
  /** Several customers of one organisation. */
  readonly contactsAt: string;
  readonly askWho: string;
  readonly knownCustomer: string;
  readonly lastCase: string;
  readonly quotes: readonly [string, string];
  readonly updated: string;
  readonly asOf: string;
  readonly not_found: string;
  readonly ambiguous: string;
  readonly anonymous: string;
  readonly unavailable: string;
}

/** [pure] The phrases of one language. They fit every channel: no phrase says "call". */
export function phrases(language: Language): Phrases {
  return PHRASES[language];
}

const PHRASES: Readonly<Record<Language, Phrases>> = {
  en: {
    locale: "en-GB",
    openCases: { one: "{count} open case", other: "{count} open cases" },
    noOpenCases: "no open cases",
    contactsAt: "{count} contacts at {organisation}",
    askWho: "ask who it is",
    knownCustomer: "Known customer",
    lastCase: "Last: {case}",
    quotes: ['"', '"'],
    updated: "updated {date}",
    asOf: "as of {time} UTC",
    not_found: "Unknown - no customer has this number or address",
    ambiguous: "Several customers share this number or address - ask who it is",
    anonymous: "No usable number or address - ask who it is",
    unavailable: "History unavailable - the customer may be known",
  },
  de: {
    locale: "de",
    openCases: { one: "{count} offener Fall", other: "{count} offene Fälle" },
    noOpenCases: "keine offenen Fälle",
    contactsAt: "{count} Kontakte bei {organisation}",
    askWho: "bitte nach dem Namen fragen",
    knownCustomer: "Kunde bekannt",
    lastCase: "Zuletzt: {case}",
    quotes: ["„", "“"],
    updated: "aktualisiert am {date}",
    asOf: "Stand {time} UTC",
    not_found: "Unbekannt - kein Kunde mit dieser Nummer oder Adresse",
    ambiguous: "Mehrere Kunden teilen sich diese Nummer oder Adresse - bitte nach dem Namen fragen",
    anonymous: "Keine verwertbare Nummer oder Adresse - bitte nach dem Namen fragen",
    unavailable: "Kundenhistorie nicht verfügbar - der Kunde ist möglicherweise bekannt",
  },
  fr: {
    locale: "fr",
    openCases: { one: "{count} dossier ouvert", other: "{count} dossiers ouverts" },
    noOpenCases: "aucun dossier ouvert",
    contactsAt: "{count} contacts chez {organisation}",
    askWho: "demandez le nom",
    knownCustomer: "Client connu",
    lastCase: "Dernier : {case}",
    quotes: ["« ", " »"],
    updated: "mis à jour le {date}",
    asOf: "au {time} UTC",
    not_found: "Inconnu - aucun client n’a ce numéro ou cette adresse",
    ambiguous: "Plusieurs clients partagent ce numéro ou cette adresse - demandez le nom",
    anonymous: "Aucun numéro ni adresse exploitable - demandez le nom",
    unavailable: "Historique indisponible - le client est peut-être connu",
  },
  es: {
    locale: "es",
    openCases: { one: "{count} caso abierto", other: "{count} casos abiertos" },
    noOpenCases: "ningún caso abierto",
    contactsAt: "{count} contactos de {organisation}",
    askWho: "pregunte el nombre",
    knownCustomer: "Cliente conocido",
    lastCase: "Último: {case}",
    quotes: ["«", "»"],
    updated: "actualizado el {date}",
    asOf: "datos del {time} UTC",
    not_found: "Desconocido - ningún cliente tiene este número o dirección",
    ambiguous: "Varios clientes comparten este número o dirección - pregunte el nombre",
    anonymous: "Sin número ni dirección utilizable - pregunte el nombre",
    unavailable: "Historial no disponible - es posible que el cliente sea conocido",
  },
  it: {
    locale: "it",
    openCases: { one: "{count} caso aperto", other: "{count} casi aperti" },
    noOpenCases: "nessun caso aperto",
    contactsAt: "{count} contatti presso {organisation}",
    askWho: "chiedere il nome",
    knownCustomer: "Cliente noto",
    lastCase: "Ultimo: {case}",
    quotes: ["«", "»"],
    updated: "aggiornato il {date}",
    asOf: "dati del {time} UTC",
    not_found: "Sconosciuto - nessun cliente ha questo numero o indirizzo",
    ambiguous: "Più clienti condividono questo numero o indirizzo - chiedere il nome",
    anonymous: "Nessun numero o indirizzo utilizzabile - chiedere il nome",
    unavailable: "Storico non disponibile - il cliente potrebbe essere noto",
  },
  pt: {
    locale: "pt",
    openCases: { one: "{count} caso aberto", other: "{count} casos abertos" },
    noOpenCases: "nenhum caso aberto",
    contactsAt: "{count} contatos na empresa {organisation}",
    askWho: "pergunte o nome",
    knownCustomer: "Cliente conhecido",
    lastCase: "Último: {case}",
    quotes: ["“", "”"],
    updated: "atualizado em {date}",
    asOf: "dados de {time} UTC",
    not_found: "Desconhecido - nenhum cliente tem este número ou endereço",
    ambiguous: "Vários clientes têm este mesmo número ou endereço - pergunte o nome",
    anonymous: "Sem número ou endereço utilizável - pergunte o nome",
    unavailable: "Histórico indisponível - o cliente pode já ser conhecido",
  },
  nl: {
    locale: "nl",
    openCases: { one: "{count} open zaak", other: "{count} open zaken" },
    noOpenCases: "geen open zaken",
    contactsAt: "{count} contacten bij {organisation}",
    askWho: "vraag naar de naam",
    knownCustomer: "Bekende klant",
    lastCase: "Laatste: {case}",
    quotes: ["“", "”"],
    updated: "bijgewerkt op {date}",
    asOf: "stand van {time} UTC",
    not_found: "Onbekend - geen klant met dit nummer of adres",
    ambiguous: "Meerdere klanten delen dit nummer of adres - vraag naar de naam",
    anonymous: "Geen bruikbaar nummer of adres - vraag naar de naam",
    unavailable: "Historie niet beschikbaar - de klant is mogelijk bekend",
  },
  ja: {
    locale: "ja",
    openCases: { other: "未完了のケース{count}件" },
    noOpenCases: "未完了のケースなし",
    contactsAt: "{organisation}の連絡先{count}件",
    askWho: "お名前をご確認ください",
    knownCustomer: "既存のお客様",
    lastCase: "最新: {case}",
    quotes: ["「", "」"],
    updated: "{date}更新",
    asOf: "{time} UTC時点",
    not_found: "不明 - この番号またはアドレスのお客様は登録されていません",
    ambiguous: "同じ番号またはアドレスのお客様が複数います - お名前をご確認ください",
    anonymous: "利用できる番号またはアドレスがありません - お名前をご確認ください",
    unavailable: "履歴を取得できません - 登録済みのお客様の可能性があります",
  },
};
