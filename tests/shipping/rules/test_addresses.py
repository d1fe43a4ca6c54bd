"""Places against addresses, part by part."""

import pytest

from shipping.rules.addresses import address_match, compare_address


@pytest.mark.parametrize(
    ("part", "delivered", "meant", "country", "expected"),
    [
        ("city", "MUENCHEN", "München", "DE", "match"),
        ("city", "Munchen", "München", "DE", "match"),
        ("city", "SAO PAULO", "São Paulo", "BR", "match"),
        ("city", "ST. LOUIS", "Saint Louis", "US", "match"),
        ("city", "Köln", "Bonn", "DE", "mismatch"),
        ("city", "東京", "東京", "JP", "match"),
        ("city", "", "Bonn", "DE", "not_stated"),
        ("line1", "12 ELM ST", "12 Elm Street", "US", "match"),
        ("postal_code", "62704-1234", "62704", "US", "match"),
        ("postal_code", "60610", "60654", "US", "mismatch"),
        ("postal_code", "ex332jl", "EX33 2JL", "GB", "match"),
        ("postal_code", "EX33", "EX33 2JL", "GB", "not_stated"),
        ("postal_code", "EX34", "EX33 2JL", "GB", "mismatch"),
        ("postal_code", "D-80331", "80331", "DE", "match"),
        ("postal_code", "150-0001", "1500001", "JP", "match"),
        ("postal_code", "00-950", "00950", "PL", "match"),
        ("postal_code", "SE-111 22", "111 22", "SE", "match"),
        ("region", "New Jersey", "NJ", "US", "match"),
        ("region", "NY", "NJ", "US", "mismatch"),
        ("region", "Bayern", "BY", "DE", "match"),
        ("region", "Lazio", "RM", "IT", "not_stated"),
        ("country_code", "UK", "GB", "", "match"),
        ("country_code", "Deutschland", "DE", "", "match"),
        ("country_code", "FR", "DE", "", "mismatch"),
    ],
)
def test_each_part_is_compared_as_it_is_written_in_its_country(
    part: str, delivered: str, meant: str, country: str, expected: str
) -> None:
    address = {"country_code": country, part: meant} if country else {part: meant}
    assert address_match({part: delivered}, address)[part] == expected


OF_THE_MARKETPLACES = [
    # part, as the carrier writes it, as the order writes it, country, result
    ("city", "MUENCHEN", "München", "DE", "match"),
    ("city", "Munich", "München", "DE", "match"),
    ("city", "ST. LOUIS", "Saint Louis", "US", "match"),
    ("city", "Köln", "Bonn", "DE", "mismatch"),
    ("city", "渋谷", "渋谷区", "JP", "match"),
    ("city", "東京都渋谷区", "渋谷区", "JP", "match"),
    ("city", "新宿区", "渋谷区", "JP", "mismatch"),
    ("city", "SHIBUYA", "渋谷区", "JP", "not_stated"),
    ("city", "Москва", "Moscow", "", "not_stated"),
    ("city", "PARIS 15", "Paris", "FR", "match"),
    ("city", "PARIS 15", "Paris 16", "FR", "mismatch"),
    ("city", "Łódź", "LODZ", "PL", "match"),
    ("city", "İSTANBUL", "Istanbul", "TR", "match"),
    ("city", "الرياض", "Riyadh", "SA", "not_stated"),
    ("city", "القاهرة", "القاهره", "EG", "match"),
    ("city", "Dublin 2", "Dublin", "IE", "match"),
    ("city", "PARIS CEDEX 15", "Paris", "FR", "match"),
    ("line1", "12 ELM ST", "12 Elm Street", "US", "match"),
    ("line1", "12 Elm Ave", "12 Elm Street", "US", "mismatch"),
    ("line1", "14 Elm St", "12 Elm Street", "US", "mismatch"),
    ("line1", "12 Elm", "12 Elm Street", "US", "match"),
    ("line1", "Elm Street", "12 Elm Street", "US", "not_stated"),
    ("line1", "12 Elm St Apt 4B", "12 Elm Street", "US", "match"),
    ("line1", "12 Elm St Apt 4B", "12 Elm Street #5", "US", "mismatch"),
    ("line1", "12 Elm St #4b", "12 Elm Street, Apartment 4 B", "US", "match"),
    ("line1", "Flat 2, 12 Elm Road", "12 Elm Rd", "GB", "match"),
    ("line1", "Hauptstr. 5", "Hauptstraße 5", "DE", "match"),
    ("line1", "HAUPT STRASSE 5", "Hauptstr. 5", "DE", "match"),
    ("line1", "Schoenhauser Allee 5", "Schönhauser Allee 5", "DE", "match"),
    ("line1", "Schonhauser Allee 5", "Schönhauser Allee 5", "DE", "match"),
    ("line1", "Hauptstr. 5a", "Hauptstraße 5 A", "DE", "match"),
    ("line1", "AV DES CHAMPS ELYSEES 10", "10 avenue des Champs-Élysées", "FR", "match"),
    ("line1", "10 R. DE RIVOLI", "10 rue de Rivoli", "FR", "match"),
    ("line1", "V. APPIA 7", "Via Appia 7", "IT", "match"),
    ("line1", "V.le Monza 3", "Viale Monza 3", "IT", "match"),
    ("line1", "C/ Mayor 4", "Calle Mayor, 4", "ES", "match"),
    ("line1", "Avda. de la Paz 8", "Avenida de la Paz 8", "ES", "match"),
    ("line1", "Marszałkowska 10", "ul. Marszalkowska 10", "PL", "match"),
    ("line1", "Al. Jerozolimskie 5", "Aleje Jerozolimskie 5", "PL", "match"),
    ("line1", "Kerkstr. 3", "Kerkstraat 3", "NL", "match"),
    ("line1", "Storgatan 5", "Stor gatan 5", "SE", "match"),
    ("line1", "Atatürk Cad. No:5", "Ataturk Caddesi No 5", "TR", "match"),
    ("line1", "Gül Sk. 3 D:4", "Gül Sokak 3 Daire 4", "TR", "match"),
    ("line1", "神南1丁目2-3", "神南1-2-3", "JP", "match"),
    ("line1", "神南一丁目2番3号", "神南１－２－３", "JP", "match"),
    ("line1", "神南1-2-4", "神南1丁目2-3", "JP", "mismatch"),
    ("line1", "Jinnan 1-2-3", "神南1丁目2-3", "JP", "not_stated"),
    ("line1", "R. Augusta 100", "Rua Augusta, 100", "BR", "match"),
    ("line1", "شارع التحرير 5", "شارع التحرير ٥", "EG", "match"),
    ("line1", "12 MG Rd", "12 Mahatma Gandhi Road", "IN", "match"),
    ("line1", "12 N Main St", "12 North Main Street", "US", "match"),
    ("line1", "12 5th Ave", "12 5th Avenue", "US", "match"),
    ("line1", "1 rue de Rivoli", "1 avenue de Rivoli", "FR", "mismatch"),
    ("postal_code", "62704-1234", "62704", "US", "match"),
    ("postal_code", "60610", "60654", "US", "mismatch"),
    ("postal_code", "IL 60654", "60654", "US", "match"),
    ("postal_code", "2134", "02134", "US", "match"),
    ("postal_code", "606", "60654", "US", "not_stated"),
    ("postal_code", "ex332jl", "EX33 2JL", "GB", "match"),
    ("postal_code", "EX33", "EX33 2JL", "GB", "not_stated"),
    ("postal_code", "EX34", "EX33 2JL", "GB", "mismatch"),
    ("postal_code", "EX33 2JX", "EX33 2JL", "GB", "mismatch"),
    ("postal_code", "M5V2T6", "M5V 2T6", "CA", "match"),
    ("postal_code", "M5V", "M5V 2T6", "CA", "not_stated"),
    ("postal_code", "M5V 2T7", "M5V 2T6", "CA", "mismatch"),
    ("postal_code", "1012AB", "1012 AB", "NL", "match"),
    ("postal_code", "1012", "1012 AB", "NL", "not_stated"),
    ("postal_code", "1013", "1012 AB", "NL", "mismatch"),
    ("postal_code", "NL-1012 AB", "1012 AB", "NL", "match"),
    ("postal_code", "〒150-0041", "1500041", "JP", "match"),
    ("postal_code", "150−0041", "150-0042", "JP", "mismatch"),
    ("postal_code", "１５０－００４１", "150-0041", "JP", "match"),
    ("postal_code", "00-950", "00950", "PL", "match"),
    ("postal_code", "01310-100", "01310100", "BR", "match"),
    ("postal_code", "CEP 01310-100", "01310100", "BR", "match"),
    ("postal_code", "SE-111 22", "11122", "SE", "match"),
    ("postal_code", "D02X285", "D02 X285", "IE", "match"),
    ("postal_code", "Dublin 2", "D02 X285", "IE", "not_stated"),
    ("postal_code", "D04", "D02 X285", "IE", "mismatch"),
    ("postal_code", "110 001", "110001", "IN", "match"),
    ("postal_code", "D-80331", "80331", "DE", "match"),
    ("postal_code", "00000", "60654", "US", "not_stated"),
    ("postal_code", "00000", "11111", "AE", "not_stated"),
    ("postal_code", "١٢٣٤٥", "12345", "EG", "match"),
    ("postal_code", "12345-6789", "12345", "SA", "match"),
    ("postal_code", "183", "00183", "IT", "match"),
    ("postal_code", "F-75001", "75001", "FR", "match"),
    ("postal_code", "0001", "1", "ZA", "match"),
    ("postal_code", "BT1 5GS", "BT15GS", "GB", "match"),
]


@pytest.mark.parametrize(("part", "delivered", "meant", "country", "expected"), OF_THE_MARKETPLACES)
def test_street_city_and_code_are_read_as_their_country_writes_them(
    part: str, delivered: str, meant: str, country: str, expected: str
) -> None:
    assert address_match({part: delivered}, {part: meant, "country_code": country})[part] == expected


@pytest.mark.parametrize(("part", "delivered", "meant", "country", "expected"), OF_THE_MARKETPLACES)
def test_which_side_says_it_does_not_matter(
    part: str, delivered: str, meant: str, country: str, expected: str
) -> None:
    other_way = address_match({part: meant}, {part: delivered, "country_code": country})
    assert other_way[part] == expected


@pytest.mark.parametrize(
    ("part", "delivered", "meant", "how"),
    [
        ("city", "SHIBUYA", "渋谷区", "other_script"),
        ("city", "Munich", "München", "name_in_another_language"),
        ("city", "München", "Muenchen", "same_name"),
        ("city", "", "Bonn", "not_stated"),
        ("line1", "Elm Street", "12 Elm Street", "without_house_number"),
        ("line1", "12 Elm Street Apt 4", "12 Elm Street", "without_unit"),
        ("region", "Lazio", "RM", "unknown_name"),
        ("postal_code", "00000", "60654", "placeholder"),
    ],
)
def test_how_a_part_was_compared_is_said(part: str, delivered: str, meant: str, how: str) -> None:
    assert compare_address({part: delivered}, {part: meant})[part].how == how


@pytest.mark.parametrize("name", ["Токио", "東京", "طوكيو", "Τόκιο", "โตเกียว", "टोक्यो", "도쿄"])
def test_another_script_alone_is_never_a_mismatch(name: str) -> None:
    for part in ("city", "region", "line1"):
        found = compare_address({part: "Tokyo"}, {part: name, "country_code": "JP"})[part]
        assert (found.result, found.how) == ("not_stated", "other_script")
