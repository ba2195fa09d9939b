"""The policies inside recorded runs, ten of them, several in Spanish: how many clauses each has, and how some of them begin."""

import gzip
import json
from pathlib import Path

EMBEDDED: list[tuple[str, int, dict[str, str]]] = [
    ("airline-relaxed", 64, {"book-flight.7": "Payment: Each reservation can use"}),
    ("academico_jefersoncorrea", 18, {"4.2": "UN ESTUDIANTE NO PUEDE MATRICULARSE", "5": "Existen situaciones"}),
    (
        "cable_calderon",
        44,
        {
            "1.1": "Antes de realizar CUALQUIER cambio",
            "acciones-disponibles.6": "Acción: Agendar orden de instalación\nCondición: Solo si no tiene deuda",
        },
    ),
    ("ecommerce_calle", 18, {"seguridad.3": "Nunca reveles"}),
    ("estaciondeservicio_Rivera", 21, {"estacion-de-servicio-rivera-agent-policy.10": "Every order must be scheduled"}),
    ("filtro_gastelo", 21, {"6": "No aceptes pedidos de filtros de autos", "acciones-y-condiciones.2": "'get_equivalent_filter': Usar"}),
    (
        "fishtrader_garbich",
        66,
        {"claims-and-complaints.4": "If a claim involves:\n- food safety", "order-modification.1": "The agent may modify an order only if"},
    ),
    ("hotel_calle", 45, {"missing-information.1": "Before creating a reservation, make sure you know:\n- guest name"}),
    ("mock", 5, {"4": "You are not allowed to delete tasks."}),
    ("restaurante_joaquin_cachay", 66, {"41": "Do not create a takeout order", "when-to-refuse": "Refuse or avoid taking"}),
]


def embedded_policy(real_data: Path, domain: str) -> str:
    """The policy of the first file of a domain."""
    for path in sorted((real_data / "tau2-community").rglob("*.json*")):
        content = path.read_bytes()
        whole = json.loads(gzip.decompress(content) if path.suffix == ".gz" else content)
        told = whole.get("info", {}).get("environment_info", {}) if isinstance(whole, dict) else {}
        if told.get("domain_name") == domain:
            return str(told["policy"])
    raise AssertionError(f"no file of {domain}")
