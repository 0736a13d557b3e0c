import type { Language } from "../domain/summary/languages.ts";

/** The panel's own texts. The summary is in the language of the worker. */
export interface Words {
  readonly title: string;
  readonly waiting: string;
  readonly openCases: string;
  readonly latestCases: string;
  readonly account: string;
  readonly customer: string;
  readonly asOf: string;
  readonly refresh: string;
  readonly signIn: string;
  readonly open: string;
  readonly emptied: string;
  readonly forbidden: string;
  readonly unknown: string;
  readonly unreachable: string;
}

/** The panel's texts by language. */
export const words: Readonly<Record<Language, Words>> = {
  en: {
    title: "Customer history",
    waiting: "Looking up the customer…",
    openCases: "Open cases",
    latestCases: "Latest cases",
    account: "Account",
    customer: "Customer",
    asOf: "As of",
    refresh: "Refresh",
    signIn: "Sign in",
    open: "Open in Oracle",
    emptied: "The history was removed after the conversation",
    forbidden: "You may not see this conversation",
    unknown: "Genesys Cloud does not know this conversation",
    unreachable: "Genesys Cloud does not answer; trying again",
  },
  de: {
    title: "Kundenhistorie",
    waiting: "Kunde wird gesucht…",
    openCases: "Offene Fälle",
    latestCases: "Letzte Fälle",
    account: "Firma",
    customer: "Kunde",
    asOf: "Stand",
    refresh: "Aktualisieren",
    signIn: "Anmelden",
    open: "In Oracle öffnen",
    emptied: "Die Historie wurde nach dem Gespräch entfernt",
    forbidden: "Dieses Gespräch dürfen Sie nicht sehen",
    unknown: "Genesys Cloud kennt dieses Gespräch nicht",
    unreachable: "Genesys Cloud antwortet nicht; neuer Versuch folgt",
  },
  fr: {
    title: "Historique du client",
    waiting: "Recherche du client…",
    openCases: "Dossiers ouverts",
    latestCases: "Derniers dossiers",
    account: "Société",
    customer: "Client",
    asOf: "État au",
    refresh: "Actualiser",
    signIn: "Se connecter",
    open: "Ouvrir dans Oracle",
    emptied: "L’historique a été effacé après la conversation",
    forbidden: "Vous ne pouvez pas voir cette conversation",
    unknown: "Genesys Cloud ne connaît pas cette conversation",
    unreachable: "Genesys Cloud ne répond pas ; nouvelle tentative",
  },
  es: {
    title: "Historial del cliente",
    waiting: "Buscando al cliente…",
    openCases: "Casos abiertos",
    latestCases: "Últimos casos",
    account: "Empresa",
    customer: "Cliente",
    asOf: "Datos del",
    refresh: "Actualizar",
    signIn: "Iniciar sesión",
    open: "Abrir en Oracle",
    emptied: "El historial se borró después de la conversación",
    forbidden: "No puede ver esta conversación",
    unknown: "Genesys Cloud no conoce esta conversación",
    unreachable: "Genesys Cloud no responde; se intentará de nuevo",
  },
  it: {
    title: "Storico del cliente",
    waiting: "Ricerca del cliente…",
    openCases: "Casi aperti",
    latestCases: "Ultimi casi",
    account: "Azienda",
    customer: "Cliente",
    asOf: "Dati del",
    refresh: "Aggiorna",
    signIn: "Accedi",
    open: "Apri in Oracle",
    emptied: "Lo storico è stato rimosso dopo la conversazione",
    forbidden: "Non è consentito vedere questa conversazione",
    unknown: "Genesys Cloud non conosce questa conversazione",
    unreachable: "Genesys Cloud non risponde; nuovo tentativo in corso",
  },
  pt: {
    title: "Histórico do cliente",
    waiting: "A procurar o cliente…",
    openCases: "Casos abertos",
    latestCases: "Últimos casos",
    account: "Empresa",
    customer: "Cliente",
    asOf: "Dados de",
    refresh: "Atualizar",
    signIn: "Iniciar sessão",
    open: "Abrir no Oracle",
    emptied: "O histórico foi removido após a conversa",
    forbidden: "Não pode ver esta conversa",
    unknown: "O Genesys Cloud não conhece esta conversa",
    unreachable: "O Genesys Cloud não responde; nova tentativa a seguir",
  },
  nl: {
    title: "Klanthistorie",
    waiting: "Klant wordt opgezocht…",
    openCases: "Open zaken",
    latestCases: "Laatste zaken",
    account: "Bedrijf",
    customer: "Klant",
    asOf: "Stand van",
    refresh: "Vernieuwen",
    signIn: "Aanmelden",
    open: "Openen in Oracle",
    emptied: "De historie is na het gesprek verwijderd",
    forbidden: "U mag dit gesprek niet zien",
    unknown: "Genesys Cloud kent dit gesprek niet",
    unreachable: "Genesys Cloud antwoordt niet; er volgt een nieuwe poging",
  },
  ja: {
    title: "顧客履歴",
    waiting: "顧客を検索しています…",
    openCases: "未解決のケース",
    latestCases: "最近のケース",
    account: "会社",
    customer: "顧客",
    asOf: "時点",
    refresh: "更新",
    signIn: "サインイン",
    open: "Oracle で開く",
    emptied: "履歴は会話の終了後に削除されました",
    forbidden: "この会話を表示する権限がありません",
    unknown: "Genesys Cloud にこの会話がありません",
    unreachable: "Genesys Cloud が応答しません。再試行します",
  },
};
