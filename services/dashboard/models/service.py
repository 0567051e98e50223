"""Tables `services` and `service_hosts`: what people call by name, and where it answers."""

import uuid
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Created, Identified, Timed


class Service(Identified, Timed, Base):
    """A named thing that is deployed again and again; `deployment_id` is the version that answers now."""

    __tablename__ = "services"

    name: Mapped[str] = mapped_column(String(63), unique=True)
    deployment_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("deployments.id", ondelete="SET NULL"), index=True
    )
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'::jsonb"))

    hosts: Mapped[list["ServiceHost"]] = relationship(
        back_populates="service",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="ServiceHost.host",
    )


class ServiceHost(Created, Base):
    """One host name of one service. A host belongs to one service at a time: the primary key says so."""

    __tablename__ = "service_hosts"
    __table_args__ = (Index("ix_service_hosts_service_id", "service_id"),)

    host: Mapped[str] = mapped_column(String(253), primary_key=True)
    service_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("services.id", ondelete="CASCADE"))

    service: Mapped["Service"] = relationship(back_populates="hosts")
