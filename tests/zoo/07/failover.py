"""Answers to 07.3-failover."""

from tests.zoo import right, wrong
from workbook.shop.payments import NotCharged, Unknown


@wrong("After a silence it charges elsewhere")
def fails_over_after_anything(payment, first, second, notes):
    try:
        return first.charge(payment)
    except (NotCharged, Unknown):
        return second.charge(payment)


@wrong("A later delivery charges anew")
def asks_the_first_and_forgets_the_second(payment, first, second, notes):
    try:
        return first.charge(payment)
    except NotCharged:
        return second.charge(payment)
    except Unknown:
        return first.find(payment.order_id) or second.charge(payment)


@wrong("A later delivery charges anew", same_as="asks_the_first_and_forgets_the_second")
def notes_after_the_charge(payment, first, second, notes):
    name = notes.read(payment.order_id)
    for provider in (first, second):
        if provider.name == name:
            return provider.find(payment.order_id)
    for provider in (first, second):
        try:
            receipt = provider.charge(payment)
        except NotCharged:
            continue
        notes.write(payment.order_id, provider.name)
        return receipt
    raise NotCharged("nobody")


@wrong("charges the second provider again")
def asks_the_first_alone(payment, first, second, notes):
    noted = notes.read(payment.order_id)
    if noted == second.name:
        return second.charge(payment)
    receipt = first.find(payment.order_id) if noted else None
    if receipt:
        return receipt
    notes.write(payment.order_id, first.name)
    try:
        return first.charge(payment)
    except NotCharged:
        notes.write(payment.order_id, second.name)
        return second.charge(payment)


@wrong("A later delivery charges anew", same_as="asks_the_first_and_forgets_the_second")
def stays_with_the_note_and_does_not_ask(payment, first, second, notes):
    if notes.read(payment.order_id) == second.name:
        return second.charge(payment)
    try:
        return first.charge(payment)
    except NotCharged:
        notes.write(payment.order_id, second.name)
        return second.charge(payment)


@wrong("the second one does not charge once")
def never_fails_over(payment, first, second, notes):
    return first.charge(payment)


@wrong("the same card at the second provider")
def a_declined_card_elsewhere(payment, first, second, notes):
    try:
        receipt = first.charge(payment)
        if receipt.outcome == "captured":
            return receipt
    except NotCharged:
        pass
    return second.charge(payment)


@wrong("no receipt comes out")
def without_a_receipt(payment, first, second, notes):
    try:
        first.charge(payment)
    except NotCharged:
        second.charge(payment)


@wrong("and no error comes out")
def swallows_the_last_refusal(payment, first, second, notes):
    for provider in (first, second):
        try:
            return provider.charge(payment)
        except NotCharged:
            continue


@wrong("the payment is not made")
def believes_the_note_for_ever(payment, first, second, notes):
    name = notes.read(payment.order_id)
    for provider in (first, second):
        if provider.name == name:
            receipt = provider.find(payment.order_id)
            if receipt is None:
                raise Unknown("it must be there")
            return receipt
    for provider in (first, second):
        notes.write(payment.order_id, provider.name)
        try:
            return provider.charge(payment)
        except NotCharged:
            continue
    raise NotCharged("nobody")


@wrong("On a good day the first and the second has charged")
def charges_both(payment, first, second, notes):
    second.charge(payment)
    return first.charge(payment)


@right
def with_a_table_of_providers(payment, first, second, notes):
    providers = {provider.name: provider for provider in (first, second)}
    noted = notes.read(payment.order_id)
    if noted is not None:
        receipt = providers[noted].find(payment.order_id)
        if receipt is not None:
            return receipt
    error = None
    for name, provider in providers.items():
        notes.write(payment.order_id, name)
        try:
            return provider.charge(payment)
        except NotCharged as refused:
            error = refused
    raise error


@right
def begins_where_it_was(payment, first, second, notes):
    noted = notes.read(payment.order_id)
    order = sorted((first, second), key=lambda provider: provider.name != noted)
    if noted:
        receipt = order[0].find(payment.order_id)
        if receipt:
            return receipt
    try:
        notes.write(payment.order_id, order[0].name)
        return order[0].charge(payment)
    except NotCharged:
        notes.write(payment.order_id, order[1].name)
        return order[1].charge(payment)


@wrong("A later delivery charges anew", same_as="asks_the_first_and_forgets_the_second")
def leans_on_the_first_ones_key(payment, first, second, notes):
    """Its key makes a repetition safe, and does not tell that there was a charge.

    A crash after the first one's charge, and then a request that surely did nothing:
    this one, not the one before.
    """
    if notes.read(payment.order_id) == second.name:
        receipt = second.find(payment.order_id)
        if receipt is not None:
            return receipt
        notes.write(payment.order_id, first.name)
    try:
        return first.charge(payment)
    except NotCharged:
        notes.write(payment.order_id, second.name)
        return second.charge(payment)


@wrong("what it returns is no receipt")
def swallows_the_silence(payment, first, second, notes):
    noted = notes.read(payment.order_id)
    for provider in (first, second):
        if provider.name == noted:
            receipt = provider.find(payment.order_id)
            if receipt is not None:
                return receipt
    for provider in (first, second):
        notes.write(payment.order_id, provider.name)
        try:
            return provider.charge(payment)
        except NotCharged:
            continue
        except Unknown:
            return "probably fine"
    raise NotCharged("neither provider would")


REMEMBERED = {}


@wrong("A later delivery charges anew", same_as="asks_the_first_and_forgets_the_second")
def remembers_in_the_process(payment, first, second, notes):
    noted = REMEMBERED.get(payment.order_id)
    for provider in (first, second):
        if provider.name == noted:
            receipt = provider.find(payment.order_id)
            if receipt is not None:
                return receipt
    for provider in (first, second):
        REMEMBERED[payment.order_id] = provider.name
        try:
            return provider.charge(payment)
        except NotCharged:
            continue
    raise NotCharged("neither provider would")


@right
def with_a_memo_on_top(payment, first, second, notes):
    """What a warm process knows spares it a question; the notes are what counts."""
    if payment.order_id in REMEMBERED:
        return REMEMBERED[payment.order_id]
    receipt = begins_where_it_was(payment, first, second, notes)
    REMEMBERED[payment.order_id] = receipt
    return receipt


def unless(errors, call, *args):
    try:
        return call(*args)
    except errors:
        return None


def ours(payment, first, second, notes, noted, found, written=()):
    """Ours, with the errors that the wrong ones below take for a None."""
    noted = unless(noted, notes.read, payment.order_id)
    for provider in (first, second):
        if provider.name == noted:
            receipt = unless(found, provider.find, payment.order_id)
            if receipt is not None:
                return receipt
    for provider in (first, second):
        unless(written, notes.write, payment.order_id, provider.name)
        try:
            return provider.charge(payment)
        except NotCharged:
            continue
    raise NotCharged("neither provider would")


@wrong("so that nothing is known")
def takes_a_refused_question_for_a_no(payment, first, second, notes):
    return ours(payment, first, second, notes, (), NotCharged)


@wrong("so that nothing is known", same_as="takes_a_refused_question_for_a_no")
def takes_any_silence_for_a_no(payment, first, second, notes):
    return ours(payment, first, second, notes, (), (NotCharged, Unknown))


@wrong("so that nothing is known", same_as="takes_a_refused_question_for_a_no")
def asks_everybody_and_keeps_no_note(payment, first, second, notes):
    for provider in (first, second):
        receipt = unless(NotCharged, provider.find, payment.order_id)
        if receipt is not None:
            return receipt
    for provider in (first, second):
        try:
            return provider.charge(payment)
        except NotCharged:
            continue
    raise NotCharged("neither provider would")


@wrong("no note said that there was anything to find")
def asks_everybody_first(payment, first, second, notes):
    for provider in (first, second):
        receipt = provider.find(payment.order_id)
        if receipt is not None:
            return receipt
    try:
        return first.charge(payment)
    except NotCharged:
        return second.charge(payment)


@wrong("The note could not be written, and it charges")
def charges_without_its_note(payment, first, second, notes):
    return ours(payment, first, second, notes, (), (), Exception)


@wrong("The note could not be read, and it charges")
def takes_an_unread_note_for_none(payment, first, second, notes):
    return ours(payment, first, second, notes, Exception, ())


@wrong("Both providers surely did not charge, and `Unknown`")
def knows_better_than_it_says(payment, first, second, notes):
    try:
        return ours(payment, first, second, notes, (), ())
    except NotCharged as error:
        raise Unknown("nobody") from error


@right
def trusts_the_first_ones_key(payment, first, second, notes):
    """At the first provider the key answers as well as `find`; its no is none."""
    noted = notes.read(payment.order_id)
    if noted == second.name:
        receipt = second.find(payment.order_id)
        if receipt is not None:
            return receipt
    elif noted == first.name:
        try:
            receipt = first.find(payment.order_id)
        except NotCharged:
            try:
                return first.charge(payment)
            except NotCharged as error:
                raise Unknown("perhaps it charged before") from error
        if receipt is not None:
            return receipt
    notes.write(payment.order_id, first.name)
    try:
        return first.charge(payment)
    except NotCharged:
        notes.write(payment.order_id, second.name)
        return second.charge(payment)
