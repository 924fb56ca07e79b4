"""Headers: known by their names in five languages, never by likeness."""

from __future__ import annotations

import pytest

from duesdesk.domain.errors import BadInput, WrongUsage
from duesdesk.services.imports.headers import _known, _names, map_header
from duesdesk.services.imports.service import _KINDS

HEADERS = {
    "members": {
        "number name email phone card language payer joined_on left_on status group": [
            "Member No.,Full name,E-mail,Mobile,Card number,Language,Payer,Join date,Leave date,Status,Membership type",
            "Nº de socio,Nombre completo,Correo electrónico,Teléfono,Tarjeta,Idioma,Titular,Fecha de alta,Fecha de baja,Estado,Cuota",
            "N° socio,Nome e cognome,Indirizzo e-mail,Cellulare,Tessera,Lingua,Intestatario,Data iscrizione,Data disdetta,Stato,"
            "Tipo abbonamento",
            "Nr. membru,Nume și prenume,Adresă de email,Telefon,Nr card,Limba,Plătitor,Data înscrierii,Data retragerii,Stare,"
            "Tip abonament",
            "Nº de sócio,Nome completo,Correio eletrónico,Telemóvel,Cartão,Língua,Pagante,Data de inscrição,Data de saída,Estado,Plano",
            "member_id,full_name,email,phone_number,CardCode,Lang,PayerId,joinDate,end date,status,membership_type",
        ],
        "number first_name last_name": [
            "id,First name,Surname", "Código,Nombre,Apellidos", "Codice,Nome,Cognome", "Cod,Prenume,Nume", "Código,Nome,Apelido",
            "number,Name,Surname",
        ],
        "number last_name first_name": ["id,Name,First name", "Cod,Nume,Prenume"],
    },
    "invoices": {
        "number member issued_on due_on amount currency description kind disputed status": [
            "Invoice no,Customer,Issue date,Due date,Total,Currency,Details,Invoice type,In dispute,Status",
            "Nº de factura,Socio,Fecha de emisión,Vencimiento,Importe,Moneda,Concepto,Tipo de factura,En disputa,Estado",
            "Numero fattura,Socio,Data emissione,Scadenza,Importo,Valuta,Causale,Tipo fattura,In contestazione,Stato",
            "Nr factură,Cod membru,Data emiterii,Scadență,Sumă,Monedă,Descriere,Tip factură,În dispută,Stare",
            "Nº da fatura,Sócio,Data de emissão,Vencimento,Valor,Moeda,Descrição,Tipo de fatura,Em disputa,Estado",
        ],
    },
    "payments": {
        "reference member received_on amount currency method invoice allocations": [
            "payment_id,member_id,date,amount,ccy,payment_method,Invoice number,Applied to",
            "Referencia,Socio,Fecha de pago,Importe,Divisa,Forma de pago,Factura,Reparto",
            "Riferimento,Socio,Data pagamento,Importo,Valuta,Modalità di pagamento,Fattura,Imputazioni",
            "Chitanță,Membru,Data plății,Sumă,Valută,Metodă de plată,Factură,Alocări",
            "Recibo,Sócio,Data de pagamento,Valor,Moeda,Forma de pagamento,Fatura,Imputações",
        ],
    },
    "credits": {
        "reference invoice on amount kind reason": [
            "Credit note,Invoice,Date,Amount,Type,Reason", "Abono,Factura,Fecha,Importe,Tipo,Motivo",
            "Nota di credito,Fattura,Data,Importo,Tipo,Motivo", "Notă de credit,Factură,Data,Sumă,Tip,Motiv",
            "Nota de crédito,Fatura,Data,Valor,Tipo,Motivo",
        ],
    },
    "bookings": {
        "reference member date time activity status price": [
            "booking_id,member_id,booking_date,time_slot,class_id,status,Price",
            "Reserva,Socio,Fecha,Hora,Actividad,Estado,Precio", "Prenotazione,Socio,Data,Ora,Attività,Stato,Prezzo",
            "Rezervare,Membru,Data,Ora,Activitate,Stare,Preț", "Nº da reserva,Sócio,Data,Hora,Atividade,Estado,Preço",
        ],
        "member starts_at": ["Member,Start time", "Socio,Fecha y hora", "Socio,Data e ora", "Membru,Data și ora", "Sócio,Data e hora"],
    },
    "receivables": {
        "member number issued_on due_on amount disputed settled_on": [
            "customerID,invoiceNumber,InvoiceDate,DueDate,InvoiceAmount,Disputed,SettledDate",
            "Cliente,Factura,Fecha factura,Vencimiento,Importe,Disputada,Fecha de cobro",
            "Cliente,Fattura,Data fattura,Scadenza,Importo,Contestata,Data saldo",
            "Cod client,Factură,Data facturii,Scadență,Valoare,Contestată,Data plății",
            "Cliente,Fatura,Data da fatura,Vencimento,Valor,Contestada,Data de pagamento",
        ],
    },
}  # fmt: skip
CASES = [(kind, fields, row) for kind, cases in HEADERS.items() for fields, rows in cases.items() for row in rows]


@pytest.mark.parametrize(("kind", "fields", "row"), CASES)
def test_headers_are_known_in_five_languages(kind: str, fields: str, row: str) -> None:
    header = row.split(",")
    found = map_header(_KINDS[kind], header, {})
    assert {header[at]: field for field, at in found.columns.items()} == dict(zip(header, fields.split(), strict=True))
    assert found.ignored == ()


@pytest.mark.parametrize("kind", list(_KINDS))
def test_a_fields_own_name_needs_no_map(kind: str) -> None:
    fields = _KINDS[kind].fields
    found = map_header(_KINDS[kind], list(fields), {}).columns
    left_out = {"first_name", "last_name"} if kind == "members" else set()
    assert found == {field: at for at, field in enumerate(fields) if field not in left_out}


@pytest.mark.parametrize("kind", list(_KINDS))
def test_no_name_is_sure_to_mean_two_fields(kind: str) -> None:
    sure, _ = _known(kind)
    assert not {name: fields for name, fields in sure.items() if len(fields) > 1}
    assert set(_names(kind)) == set(_KINDS[kind].fields)


def test_what_is_not_known_is_not_read_and_is_named() -> None:
    found = map_header(_KINDS["members"], ["number", "name", "Shoe size", "emial", ""], {})
    assert found.ignored == ("Shoe size", "emial")
    assert set(found.columns) == {"number", "name"}


def test_a_map_goes_before_every_known_name() -> None:
    header = ["id", "member_no", "name", "Alias"]
    found = map_header(_KINDS["members"], header, {"name": "alias", "number": "id"}).columns
    assert {field: header[at] for field, at in found.items()} == {"number": "id", "name": "Alias"}


def test_a_missing_column_is_named_with_what_may_be_meant() -> None:
    with pytest.raises(BadInput) as caught:
        map_header(_KINDS["invoices"], ["Invoise number", "member", "issued_on", "Shoe size"], {})
    assert caught.value.code == "import-columns-missing-guess"
    assert caught.value.facts["fields"] == ("number", "amount")
    assert caught.value.facts["guess"] == "--map number='Invoise number'"


def test_two_columns_for_one_field_are_asked_about() -> None:
    with pytest.raises(BadInput) as caught:
        map_header(_KINDS["members"], ["number", "name", "Correo", "Correo electrónico"], {})
    assert (caught.value.code, caught.value.facts["field"]) == ("import-field-twice", "email")
    found = map_header(_KINDS["members"], ["number", "name", "Correo", "Correo electrónico"], {"email": "Correo"})
    assert found.columns["email"] == 2


def test_a_map_to_a_header_that_is_not_there_is_refused_with_the_nearest() -> None:
    with pytest.raises(BadInput) as caught:
        map_header(_KINDS["members"], ["number", "Full nmae"], {"name": "Full name"})
    assert (caught.value.code, caught.value.facts["guess"]) == ("import-map-missing-guess", "Full nmae")


def test_a_map_of_an_unknown_field_is_wrong_usage() -> None:
    with pytest.raises(WrongUsage):
        map_header(_KINDS["members"], ["number", "name"], {"shoe": "name"})


def test_hostile_headers_are_shown_clean() -> None:
    found = map_header(_KINDS["members"], ["number", "name", "\x1b]52;c;x\x07evil\u202e" + "x" * 200], {})
    assert found.ignored[0].startswith("]52;c;xevil")
    assert len(found.ignored[0]) <= 80
